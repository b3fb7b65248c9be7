package io.larder.server.embedded;

/** How an operation that may give up ended. */
public enum Outcome {
    /** Done; for a function: it was called, and what it said is done. */
    DONE,
    /** There was nothing to do it to: the key is absent. */
    ABSENT,
    /** Not done: the lock was not to be had in time. */
    TIMED_OUT,
    /** Not done: no room now, since eviction has fallen behind. Worth trying again. */
    BUSY
}
