package io.larder.server.command;

import io.larder.server.auth.Right;
import io.larder.server.limit.CommandGroup;
import org.jspecify.annotations.Nullable;

/** What a command needs its user to be allowed; every row of the dispatcher's table has one. */
enum Need {
    /** Nothing; also before the user has shown who he is. */
    NOBODY,
    /** To be a user: it is about the conversation. */
    ANYBODY,
    /** What each of the requests inside needs. */
    EACH,
    /** To read the key; and to write it where the request asks for a lease. */
    READ,
    WRITE,
    READ_AND_WRITE,
    /** To list keys that begin with the request's prefix. */
    LIST,
    /** To list and read all of the region. */
    EXPORT,
    /**
     * To clear what the request is about: keys with a prefix, or those of a tag or all, and so all.
     */
    CLEAR,
    /** Any right in the region that is named. */
    ANY_IN_NAMED,
    STATS;

    static final int READ_BITS = Right.READ.bit();
    static final int WRITE_BITS = Right.WRITE.bit();
    static final int BOTH_BITS = READ_BITS | WRITE_BITS;
    static final int LIST_BITS = Right.SCAN.bit();
    static final int EXPORT_BITS = Right.SCAN.bit() | Right.READ.bit();
    static final int CLEAR_BITS = Right.CLEAR.bit();

    /** Where its commands belong; null if they are about the conversation, or hold others. */
    @Nullable CommandGroup group() {
        return switch (this) {
            case NOBODY, ANYBODY, EACH, ANY_IN_NAMED -> null;
            case READ -> CommandGroup.READ;
            case WRITE, READ_AND_WRITE -> CommandGroup.WRITE;
            case LIST, EXPORT -> CommandGroup.SCAN;
            case CLEAR -> CommandGroup.FLUSH;
            case STATS -> CommandGroup.STATS;
        };
    }
}
