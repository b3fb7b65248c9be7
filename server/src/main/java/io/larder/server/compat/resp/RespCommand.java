package io.larder.server.compat.resp;

/**
 * One command.
 *
 * @param name in lower case
 * @param arity arguments with the name; negative for at least so many
 * @param firstKey the first argument that is a key; 0 if none is
 * @param lastKey the last one, counted from the end if negative
 * @param keyStep from one key to the next
 * @param access what it does with keys' values
 * @param summary for people
 */
record RespCommand(
        String name,
        int arity,
        int firstKey,
        int lastKey,
        int keyStep,
        Access access,
        String summary,
        Action action) {
    /** What a command does with the values of its keys. */
    enum Access {
        /** It has no keys. */
        NONE,
        /** It looks at them. */
        READS,
        /** What becomes of them depends on what they were. */
        CHANGES,
        /** It replaces them, whatever they were. */
        REPLACES
    }

    /** Carries a command out whose number of arguments and whose keys' lengths are sound. */
    @FunctionalInterface
    interface Action {
        void run(RespTalk talk);
    }

    boolean isArity(int arguments) {
        return arity < 0 ? arguments >= -arity : arguments == arity;
    }

    /** The last argument of so many that is a key. */
    int lastKey(int arguments) {
        return lastKey < 0 ? arguments + lastKey : Math.min(lastKey, arguments - 1);
    }
}
