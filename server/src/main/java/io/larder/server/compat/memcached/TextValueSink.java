package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.ItemSink;
import io.larder.server.store.ItemView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Writes an item as {@code VALUE <key> <flags> <bytes> [<cas>]} behind a buffer's end. One thread.
 */
final class TextValueSink extends ItemSink {
    private static final byte[] VALUE = Ascii.bytes("VALUE ");
    private static final int BESIDE_BYTES_MAX = VALUE.length + 3 * (1 + Ascii.NUMBER_BYTES_MAX) + 4;

    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int keyOffset;
    private int keyBytes;
    private boolean withVersion;
    private int end;

    void wrap(ByteBuf newIn, int newKeyOffset, int newKeyBytes, ByteBuf newOut, boolean withCas) {
        in = newIn;
        keyOffset = newKeyOffset;
        keyBytes = newKeyBytes;
        out = newOut;
        withVersion = withCas;
    }

    @Override
    protected void takeValue(ItemView item) {
        int at = out.writerIndex();
        out.ensureWritable(BESIDE_BYTES_MAX + keyBytes + valueBytes());
        out.setBytes(at, VALUE);
        at += VALUE.length;
        out.setBytes(at, in, keyOffset, keyBytes);
        at += keyBytes;
        out.setByte(at++, ' ');
        at = Ascii.put(out, at, Integer.toUnsignedLong(clientFlags()));
        out.setByte(at++, ' ');
        at = Ascii.put(out, at, valueBytes());
        if (withVersion) {
            out.setByte(at++, ' ');
            at = Ascii.put(out, at, version());
        }
        at = endLine(at);
        copy(item, out, at);
        end = endLine(at + valueBytes());
    }

    private int endLine(int at) {
        out.setByte(at, '\r');
        out.setByte(at + 1, '\n');
        return at + 2;
    }

    /** The item last shown was a hit. */
    void commit() {
        out.writerIndex(end);
    }
}
