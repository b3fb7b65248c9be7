package io.larder.server.compat;

import io.netty.buffer.ByteBuf;

/** One connection's talk in one protocol. Belongs to the connection's event loop. */
public interface Conversation {
    /** Where a call of {@link #carryOut} has stopped, and why. */
    enum Stop {
        /** What is left, if anything, is no whole request: more bytes are needed. */
        NEEDS_INPUT,
        /** There are replies enough to be sent; more requests may be whole. */
        HAS_REPLIES,
        /**
         * The next request waits, as for a value from disk, and is still in the input; {@link
         * Peer#wake} has it looked at again.
         */
        AWAITS,
        /** The replies are the connection's last. */
        ENDS
    }

    /** Bytes of replies after which they are sent, before the next request is carried out. */
    int REPLY_BYTES = 256 << 10;

    /**
     * Carries out requests in the order of their bytes, from the reader index, which is moved
     * behind each one once it is done, and appends the replies.
     */
    Stop carryOut(ByteBuf in, ByteBuf out);

    /** The connection is gone. Idempotent. */
    void release();
}
