package io.larder.bench.wire;

import io.larder.bench.BenchException;
import io.netty.buffer.ByteBuf;

/**
 * One protocol as the generator speaks it: writes requests, finds replies in what has been read,
 * and judges them. Replies are looked at from the buffer's reader index on, which stays where it
 * is. Implementations are immutable; any thread.
 */
interface Dialect {
    /** There is only the beginning of a reply. */
    int INCOMPLETE = -1;

    /** What a reply says to a request. */
    enum Answer {
        /** Stored, or the value that was stored. */
        RIGHT,
        /** There is no such key. */
        MISS,
        /** An error, or another value. */
        WRONG
    }

    /** Bytes of the longest request. */
    int requestBytesMax();

    /** Bytes of the longest reply; an error's text may be longer by a little. */
    int replyBytesMax();

    /** Appends what a connection begins with; nothing if it begins with requests. */
    default void writeGreeting(ByteBuf out) {}

    /**
     * Looks at the reply to the greeting.
     *
     * @throws BenchException if the server does not welcome it
     */
    default void checkWelcome(ByteBuf in) {}

    /** Appends a GET. */
    void writeGet(ByteBuf out, int requestId, int keyIndex);

    /** Appends a SET. */
    void writeSet(ByteBuf out, int requestId, int keyIndex);

    /**
     * Bytes of the next reply, or {@link #INCOMPLETE}.
     *
     * @throws BenchException if it is none of this protocol
     */
    int replyBytes(ByteBuf in);

    /** Which request the next reply answers; {@code oldestId} where replies come in order. */
    default int requestId(ByteBuf in, int oldestId) {
        return oldestId;
    }

    /** Judges the next reply, which is all there. */
    Answer answer(ByteBuf in, boolean isSet, int keyIndex);
}
