package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.ItemSink;
import io.larder.server.store.ItemView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Writes an item as {@code VA <bytes> <flags>} and its value, or {@code HD <flags>}, behind a
 * buffer's end. One thread.
 */
final class MetaValueSink extends ItemSink {
    private static final byte[] HIT = Ascii.bytes("HD");
    private static final byte[] VALUE = Ascii.bytes("VA ");
    private static final int MARKS_BYTES_MAX = 6;
    private static final int TAIL_BYTES_KEPT = 4 << 10;
    private static final long NOT_SEEN = -1;

    private MetaRequest request = new MetaRequest();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private final byte[] tail = new byte[TAIL_BYTES_KEPT];
    private long expiryBeforeMillis;
    private long expiryAtRefreshMillis;
    private int usesBefore;
    private int marksAt;
    private int end;

    void wrap(MetaRequest newRequest, ByteBuf newOut) {
        request = newRequest;
        out = newOut;
        expiryBeforeMillis = NOT_SEEN;
    }

    /** The item that was seen is about to be shown again, with another expiry. */
    void beforeTouch() {
        expiryBeforeMillis = expiryMillis();
        usesBefore = uses();
    }

    /** The item's expiry as R sees it: the old one if R comes before T. */
    long expiryAtRefreshMillis() {
        return expiryAtRefreshMillis;
    }

    @Override
    public boolean countsAsUse() {
        return !request.has('u');
    }

    @Override
    protected void takeValue(ItemView item) {
        int start = out.writerIndex();
        begin(out, request, valueBytes());
        boolean isTouched = expiryBeforeMillis == NOT_SEEN;
        for (int i = 0; i < request.count(); i++) {
            char flag = request.at(i);
            isTouched |= flag == 'T';
            long expiryMillis = isTouched ? expiryMillis() : expiryBeforeMillis;
            if (flag == 'R') {
                expiryAtRefreshMillis = expiryMillis;
            }
            flag(flag, expiryMillis);
        }
        marksAt = out.writerIndex();
        out.writeBytes(TextConversation.CRLF);
        if (request.has('v')) {
            out.ensureWritable(valueBytes() + TextConversation.CRLF.length);
            copy(item, out, out.writerIndex());
            out.writerIndex(out.writerIndex() + valueBytes());
            out.writeBytes(TextConversation.CRLF);
        }
        end = out.writerIndex();
        out.writerIndex(start);
    }

    /** Begins a line with a value's length, if that is asked for. */
    static void begin(ByteBuf out, MetaRequest request, int valueBytes) {
        if (request.has('v')) {
            out.writeBytes(VALUE);
            Ascii.append(out, valueBytes);
        } else {
            out.writeBytes(HIT);
        }
    }

    private void flag(char flag, long expiryMillis) {
        switch (flag) {
            case 's' -> MetaRequest.append(out, 's', valueBytes());
            case 'f' -> MetaRequest.append(out, 'f', Integer.toUnsignedLong(clientFlags()));
            case 'c' -> MetaRequest.appendUnsigned(out, 'c', knownVersion());
            case 't' -> MetaRequest.append(out, 't', secondsLeft(expiryMillis));
            case 'h' -> MetaRequest.append(out, 'h', isUsed() ? 1 : 0);
            case 'l' -> MetaRequest.append(out, 'l', secondsSinceWritten());
            default -> request.repeat(out, flag);
        }
    }

    private boolean isUsed() {
        return (expiryBeforeMillis == NOT_SEEN ? uses() : usesBefore) > 0;
    }

    /** The item last shown was a hit; marks, as {@code " Z X"}, are added to its flags. */
    void commit(boolean isOthers, boolean isStale, boolean isYours) {
        if (!isOthers && !isStale && !isYours) {
            out.writerIndex(end);
            return;
        }
        int bytes = end - marksAt;
        byte[] moved = bytes <= TAIL_BYTES_KEPT ? tail : new byte[bytes];
        out.getBytes(marksAt, moved, 0, bytes);
        out.writerIndex(marksAt);
        out.ensureWritable(MARKS_BYTES_MAX + bytes);
        mark(out, isOthers, 'Z');
        mark(out, isStale, 'X');
        mark(out, isYours, 'W');
        out.writeBytes(moved, 0, bytes);
    }

    static void mark(ByteBuf out, boolean isSo, char flag) {
        if (isSo) {
            out.writeByte(' ').writeByte(flag);
        }
    }
}
