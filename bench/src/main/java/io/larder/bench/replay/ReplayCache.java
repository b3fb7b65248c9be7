package io.larder.bench.replay;

/** A cache of a bounded size that a trace is replayed through. For one thread. */
public interface ReplayCache {
    /** Looks a request's key up and stores it if it is absent; says whether it was present. */
    boolean access(Request request, long nowMillis);

    /** The most items it has held so far. */
    long itemsPeak();
}
