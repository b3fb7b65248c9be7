package io.larder.server.limit;

/**
 * Which pass an event loop is in: each looks at all sockets once and serves those that are ready.
 * There is one for each thread, and only that thread uses it.
 */
public final class LoopPass {
    private static final ThreadLocal<LoopPass> OF_THREAD = ThreadLocal.withInitial(LoopPass::new);

    private long number;

    private LoopPass() {}

    /** The present thread's. */
    public static LoopPass current() {
        return OF_THREAD.get();
    }

    /** A pass begins: the thread is about to look at its sockets. */
    public void begin() {
        number++;
    }

    /** From 1; 0 on a thread that does not count its passes. */
    long number() {
        return number;
    }
}
