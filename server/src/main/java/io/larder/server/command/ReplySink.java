package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;
import static io.larder.protocol.ProtocolLimits.PIECE_BYTES;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.store.ItemView;
import io.larder.server.store.LargeValue;
import io.larder.server.store.Mutation;
import io.larder.server.store.ValueSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Takes an item out of the store as the reply that it becomes: extensions and value are written
 * behind the end of the outgoing buffer, where they count for nothing until {@link #commit}. One
 * thread; used for one read after another.
 */
/*
 *   writer index                                              writer index after commit
 *   v                                                                         v
 *   +------------+--------------+--------+---------+------------+-----+-------+
 *   | header, 24 | CLIENT_FLAGS | FORMAT | VERSION | EXPIRES_IN | ... | value |
 *   +------------+--------------+--------+---------+------------+-----+-------+
 *
 * Before all of these comes CHECKSUM, if the connection has agreed on it.
 *
 * accept() may be called several times, with bytes that another thread is overwriting: each call
 * starts over at the same place, only the last one before HIT counts, and what garbage could make
 * large is compared with the limit before room is made for it.
 */
final class ReplySink implements ValueSink {
    private static final int LONG_BYTES = ExtensionType.VERSION.encodedBytes();
    private static final int FLAGS_BYTES = ExtensionType.CLIENT_FLAGS.encodedBytes();
    private static final int FORMAT_BYTES = ExtensionType.FORMAT.encodedBytes();
    private static final int PREFIX_BYTES = ExtensionType.PREFIX_BYTES;

    /** All that has 8 bytes: VERSION, EXPIRES_IN, SOFT_EXPIRES_IN, CALLER_VERSION, and two more. */
    private static final int LONGS_MAX = 6;

    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private int frameBytesMax;
    private boolean withMeta;
    private boolean isUse;
    private boolean isConditional;
    private long knownVersion;
    private long nowMillis;
    private long leaseToken;
    private int sumBytes; // of the reply's checksum

    // The outcome of the last accept().
    private boolean isModified;
    private boolean fits;
    private boolean isStale;
    private boolean isNegative;
    private long version;
    private int valueBytes;
    private int end;

    private boolean mayPiece;
    private @Nullable LargeValue pieces; // retained by the last accept()

    private byte[] scratch = new byte[0]; // for buffers that have neither address nor array

    /** Prepares for the read that {@code request} asks for, of the session's time. */
    void begin(Request request, ReplyWriter reply, Session session, boolean takesPieces) {
        letGo();
        mayPiece = takesPieces;
        sumBytes = session.sumsValues() ? FrameChecksum.BYTES : 0;
        out = reply.out();
        frameBytesMax = reply.frameBytesMax();
        withMeta = request.hasFlag(RequestFlag.RETURN_META);
        isUse = !request.hasFlag(RequestFlag.NO_TOUCH);
        isConditional = request.hasFlag(RequestFlag.IF_VERSION);
        knownVersion = request.version;
        nowMillis = session.nowMillis();
        leaseToken = Mutation.NO_FILL;
    }

    /** Has a value past its soft expiry come with the right to reload it. */
    void grant(long token) {
        leaseToken = token;
    }

    @Override
    public void accept(ItemView item) {
        letGo();
        version = item.version();
        isStale = item.softExpiryMillis() <= nowMillis;
        isNegative = item.negative();
        isModified = !isConditional || version != knownVersion;
        if (!isModified) {
            return;
        }
        int clientFlags = item.clientFlags();
        int format = item.format();
        valueBytes = item.valueLength();
        boolean isPieced = mayPiece && item.isLarge() && valueBytes > PIECE_BYTES;
        if (isPieced) {
            pieces = item.retain();
            valueBytes = 0; // of the first frame
        }
        int position = out.writerIndex() + HEADER_BYTES + sumBytes;
        int most = sumBytes + FLAGS_BYTES + FORMAT_BYTES + LONGS_MAX * LONG_BYTES;
        fits = valueBytes <= frameBytesMax - HEADER_BYTES - most || fitsExactly(item);
        if (!fits) {
            return;
        }
        out.ensureWritable(HEADER_BYTES + most + valueBytes);
        if (clientFlags != 0) {
            position = putPrefix(position, ExtensionType.CLIENT_FLAGS);
            out.setInt(position, clientFlags);
            position += Integer.BYTES;
        }
        if (format != 0) {
            position = putPrefix(position, ExtensionType.FORMAT);
            out.setByte(position, format);
            position += Byte.BYTES;
        }
        if (withMeta) {
            position = putMeta(item, position);
        }
        if (isRefresh()) {
            position = putLong(position, ExtensionType.LEASE, leaseToken);
        }
        LargeValue value = pieces;
        if (value != null) {
            position = putLong(position, ExtensionType.VALUE_LENGTH, value.length());
        } else {
            copyValue(item, position);
        }
        end = position + valueBytes;
    }

    @Override
    public boolean countsAsUse() {
        return isUse;
    }

    private boolean isRefresh() {
        return leaseToken != Mutation.NO_FILL && isStale && !isNegative;
    }

    private boolean fitsExactly(ItemView item) {
        int extensionBytes =
                sumBytes
                        + (item.clientFlags() != 0 ? FLAGS_BYTES : 0)
                        + (item.format() != 0 ? FORMAT_BYTES : 0)
                        + (withMeta ? 2 * LONG_BYTES : 0)
                        + (withMeta && item.softExpiryMillis() != Mutation.NEVER ? LONG_BYTES : 0)
                        + (withMeta && item.callerVersion() != 0 ? LONG_BYTES : 0)
                        + (isRefresh() ? LONG_BYTES : 0);
        return valueBytes <= frameBytesMax - HEADER_BYTES - extensionBytes;
    }

    private int putMeta(ItemView item, int offset) {
        int position = putLong(offset, ExtensionType.VERSION, item.version());
        long expiryMillis = item.expiryMillis();
        if (expiryMillis > nowMillis) {
            position =
                    putLong(
                            position,
                            ExtensionType.EXPIRES_IN,
                            Lifetime.expiresInMillis(expiryMillis, nowMillis));
        }
        long softExpiryMillis = item.softExpiryMillis();
        if (softExpiryMillis != Mutation.NEVER) {
            position =
                    putLong(
                            position,
                            ExtensionType.SOFT_EXPIRES_IN,
                            Math.max(0, softExpiryMillis - nowMillis));
        }
        long callerVersion = item.callerVersion();
        return callerVersion == 0
                ? position
                : putLong(position, ExtensionType.CALLER_VERSION, callerVersion);
    }

    private int putLong(int position, ExtensionType type, long value) {
        out.setLong(putPrefix(position, type), value);
        return position + LONG_BYTES;
    }

    private int putPrefix(int position, ExtensionType type) {
        out.setByte(position, type.code());
        out.setShort(position + 1, type.valueBytes());
        return position + PREFIX_BYTES;
    }

    private void copyValue(ItemView item, int position) {
        if (out.hasMemoryAddress()) {
            item.copyTo(out.memoryAddress() + position);
        } else if (out.hasArray()) {
            item.copyTo(out.array(), out.arrayOffset() + position);
        } else {
            if (scratch.length < valueBytes) {
                scratch = new byte[valueBytes];
            }
            item.copyTo(scratch, 0);
            out.setBytes(position, scratch, 0, valueBytes);
        }
    }

    /** The value whose pieces are to follow the reply, which the caller closes; null if none. */
    @Nullable LargeValue takePieces() {
        LargeValue taken = pieces;
        pieces = null;
        return taken;
    }

    private void letGo() {
        if (pieces != null) {
            pieces.close();
            pieces = null;
        }
    }

    /** Whether the item last accepted is a value past its soft expiry that the caller asked for. */
    boolean isStale() {
        return isStale && !isNegative && isModified;
    }

    /** The version of the item last accepted. */
    long version() {
        return version;
    }

    /**
     * Makes a reply of the item last accepted, after the store has answered that it is a hit.
     *
     * @param status of a reply with a value
     */
    void commit(ReplyWriter reply, Status status) {
        if (!isModified) {
            reply.empty(Status.NOT_MODIFIED);
        } else if (!fits) {
            reply.empty(Status.REPLY_TOO_LARGE);
        } else {
            int start = out.writerIndex();
            FrameHeader.putResponse(
                    out,
                    start,
                    reply.opcode(),
                    isNegative ? Status.NEGATIVE : status,
                    reply.requestId());
            int extensionBytes = end - start - HEADER_BYTES - valueBytes;
            FrameHeader.putLengths(out, start, extensionBytes, 0, valueBytes);
            if (pieces != null) {
                FrameHeader.putFlags(out, start, RequestFlag.MORE);
            }
            out.writerIndex(end);
            if (sumBytes != 0) {
                FrameChecksum.put(out, start);
            }
        }
    }
}
