package io.larder.server.accesslog;

/** Takes what {@link AccessLog} collected, a batch at a time, on the draining thread. */
@FunctionalInterface
public interface AccessSink {
    /**
     * Takes {@code entries[0]} to {@code entries[count - 1]}, which are valid until it returns.
     * {@link AccessLog#isInsert} tells what each was; the rest of it, {@link AccessLog#hash}, is
     * the key's hash without its lowest bit.
     */
    void accept(long[] entries, int count);
}
