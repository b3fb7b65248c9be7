package io.larder.server.accesslog;

/** Takes what {@link SampleLog} collected, on the draining thread. */
@FunctionalInterface
public interface SampleSink {
    /** Something happened; {@code sample} is valid until this returns. */
    void accept(Sample sample);
}
