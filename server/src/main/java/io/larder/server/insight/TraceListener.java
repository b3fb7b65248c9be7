package io.larder.server.insight;

import io.larder.server.accesslog.Sample;

/**
 * Told of what happens to the keys that are kept, on the thread that learns: it must be quick, and
 * neither block nor throw.
 */
public interface TraceListener {
    /** It begins. */
    void onStart(TraceStart start);

    /** From now on only keys are told of whose hashes have so many bits of zero. */
    void onThinned(int bits);

    /** Something happened; {@code sample} is valid until this returns. */
    void onSample(Sample sample, long nowMillis);
}
