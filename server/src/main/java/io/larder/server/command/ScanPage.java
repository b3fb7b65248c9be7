package io.larder.server.command;

import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.ScanReply;
import io.larder.server.memory.Slice;
import io.larder.server.store.ScanSink;
import io.larder.server.store.ScannedItem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Takes keys out of the store as the reply that they become, until it has as many as are wanted.
 * One thread; used for one reply after another.
 */
final class ScanPage implements ScanSink {
    /**
     * Bytes after which no further place of the store's order is begun. Half of the least body
     * limit there is: the keys of one place, of which there is more than one by a rare chance, fit
     * into the other half.
     */
    private static final int BYTES_MAX = ProtocolLimits.BODY_BYTES_MAX_FLOOR / 2;

    private final byte[] scratch = new byte[ProtocolLimits.KEY_BYTES_MAX];
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private int start;
    private int left;

    /** Begins at the buffer's end with room for the cursor; {@code count} 0: as many as go in. */
    void begin(ByteBuf newOut, int count) {
        out = newOut;
        start = out.writerIndex();
        left = count == 0 ? ProtocolLimits.SCAN_KEYS_MAX : count;
        left = Math.min(left, ProtocolLimits.SCAN_KEYS_MAX);
        ScanReply.writeCursor(out, 0);
    }

    @Override
    public boolean accept(ScannedItem item) {
        Slice key = item.key();
        key.copyTo(scratch, 0);
        out.writeShort(key.length()).writeBytes(scratch, 0, key.length());
        left--;
        return left > 0 && out.writerIndex() - start < BYTES_MAX;
    }

    /** Ends with the cursor that the next request needs. */
    void end(long cursor) {
        ScanReply.putCursor(out, start, cursor);
    }
}
