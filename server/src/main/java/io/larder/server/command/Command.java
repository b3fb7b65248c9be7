package io.larder.server.command;

import io.larder.protocol.Opcode;
import io.larder.server.auth.Need;
import io.larder.server.limit.CommandGroup;
import org.jspecify.annotations.Nullable;

/**
 * One row of the dispatcher's table: an opcode in use, what its requests look like, and who carries
 * them out.
 *
 * @param isKeyed whether it is about one item, and so needs a key
 * @param hasValue whether it may have a value; judged here only where it is keyed
 * @param need what its user has to be allowed
 * @param group what it is turned off with, and whose rate it counts in; null for none
 */
record Command(
        Opcode opcode,
        boolean isKeyed,
        boolean hasValue,
        Need need,
        @Nullable CommandGroup group,
        Handler handler) {
    Command(Opcode opcode, boolean isKeyed, boolean hasValue, Need need, Handler handler) {
        this(opcode, isKeyed, hasValue, need, group(need), handler);
    }

    /** Where commands of a need belong; null if they are about the conversation, or hold others. */
    private static @Nullable CommandGroup group(Need need) {
        return switch (need) {
            case NOBODY, ANYBODY, EACH, ANY_IN_NAMED, OBSERVE, OPERATE -> null;
            case READ -> CommandGroup.READ;
            case WRITE, READ_AND_WRITE -> CommandGroup.WRITE;
            case LIST, EXPORT -> CommandGroup.SCAN;
            case CLEAR -> CommandGroup.FLUSH;
            case STATS -> CommandGroup.STATS;
        };
    }

    /** Carries out the request on the bench and writes its reply. */
    @FunctionalInterface
    interface Handler {
        /**
         * Called on the session's event loop. What it throws is answered INTERNAL, and what it has
         * written by then is taken back.
         */
        void handle(Session session, Workbench bench);
    }
}
