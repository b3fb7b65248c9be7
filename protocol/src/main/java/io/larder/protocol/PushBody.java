package io.larder.protocol;

import io.netty.buffer.ByteBuf;

/** The value sections of pushes. */
public final class PushBody {
    /** An INVALIDATE_ALL that is about every region. */
    public static final int SCOPE_EVERYTHING = 0;

    /** An INVALIDATE_ALL that is about the region in its header. */
    public static final int SCOPE_REGION = 1;

    /** Bytes of an INVALIDATE_ALL's value. */
    public static final int SCOPE_BYTES = Byte.BYTES;

    /** Bytes of a HOT_KEY's value. */
    public static final int KEEP_BYTES = Integer.BYTES;

    /** How long a HOT_KEY holds, in milliseconds; the server repeats it while the key is hot. */
    public static final int HOT_MILLIS = 1_000;

    private PushBody() {}

    /**
     * Reads what an INVALIDATE_ALL is about; any number but {@link #SCOPE_REGION} is to be taken
     * for everything.
     *
     * @throws MalformedMessageException if the value section is none
     */
    public static int scope(ByteBuf buffer, int valueOffset, int valueBytes) {
        if (valueBytes != SCOPE_BYTES) {
            throw new MalformedMessageException("valueLength", valueBytes, "1");
        }
        return buffer.getUnsignedByte(valueOffset);
    }

    /**
     * Reads how long the value of a hot key may be kept, in milliseconds, u32.
     *
     * @throws MalformedMessageException if the value section is none
     */
    public static long keepMillis(ByteBuf buffer, int valueOffset, int valueBytes) {
        if (valueBytes != KEEP_BYTES) {
            throw new MalformedMessageException("valueLength", valueBytes, "4");
        }
        return buffer.getUnsignedInt(valueOffset);
    }
}
