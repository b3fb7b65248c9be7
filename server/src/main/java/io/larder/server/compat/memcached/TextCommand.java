package io.larder.server.compat.memcached;

/** Carries out one line of the text protocol, and what belongs to it. Stateless. */
@FunctionalInterface
interface TextCommand {
    /** What is to be done next. */
    enum Step {
        /** It is answered; go on behind it. */
        DONE,
        /** {@link TextConversation#needs} was told how many bytes there must be; then anew. */
        NEEDS_INPUT,
        /** A value comes from disk; then anew. */
        AWAITS_DISK,
        /**
         * There are replies enough for now; then anew, {@link TextConversation#resumeAt} says
         * where.
         */
        HAS_REPLIES,
        /** Close the connection. */
        ENDS
    }

    Step run(TextConversation talk);
}
