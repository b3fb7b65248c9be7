package io.larder.server.compat.memcached;

import io.larder.server.compat.ItemSink;
import io.larder.server.store.ItemView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Writes an item as a binary reply behind a buffer's end. One thread. */
final class BinaryValueSink extends ItemSink {
    private static final int FLAGS_BYTES = 4;

    private BinaryRequest request = new BinaryRequest();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private boolean withKey;
    private boolean withValue;
    private int end;

    void wrap(BinaryRequest newRequest, ByteBuf newOut, boolean newWithKey, boolean newWithValue) {
        request = newRequest;
        out = newOut;
        withKey = newWithKey;
        withValue = newWithValue;
    }

    @Override
    protected void takeValue(ItemView item) {
        int at = out.writerIndex();
        int keyBytes = withKey ? request.keyBytes : 0;
        int bytes = withValue ? valueBytes() : 0;
        out.ensureWritable(BinaryRequest.HEADER_BYTES + FLAGS_BYTES + keyBytes + bytes);
        BinaryReply.putHeader(out, at, request, FLAGS_BYTES, keyBytes, bytes);
        out.setLong(at + BinaryRequest.CAS_OFFSET, version());
        at += BinaryRequest.HEADER_BYTES;
        out.setInt(at, clientFlags());
        at += FLAGS_BYTES;
        out.setBytes(at, request.in, request.keyOffset(), keyBytes);
        at += keyBytes;
        if (withValue) {
            copy(item, out, at);
        }
        end = at + bytes;
    }

    /** The item last shown was a hit. */
    void commit() {
        out.writerIndex(end);
    }
}
