package io.larder.client.net;

/** What a call does if the window of unanswered calls is full. */
enum Admission {
    /** It fails at once: the asynchronous way. */
    REJECT,
    /** Its thread waits for room until the call's deadline: the blocking way. */
    WAIT,
    /** It goes beyond the window: one call at most for each that is in it and that it continues. */
    CONTINUE
}
