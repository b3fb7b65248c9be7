package io.larder.server.compat.resp;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.ItemSink;
import io.larder.server.store.ItemView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Writes a value as a bulk string behind a buffer's end. One thread. */
final class BulkSink extends ItemSink {
    private static final int BESIDE_BYTES_MAX = Ascii.NUMBER_BYTES_MAX + 5;

    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private int end;

    BulkSink into(ByteBuf newOut) {
        out = newOut;
        return this;
    }

    @Override
    protected void takeValue(ItemView item) {
        int at = out.writerIndex();
        out.ensureWritable(BESIDE_BYTES_MAX + valueBytes());
        out.setByte(at, '$');
        at = endLine(Ascii.put(out, at + 1, valueBytes()));
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
