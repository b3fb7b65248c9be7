package io.larder.server.command;

import io.larder.protocol.ExportReply;
import io.larder.server.store.LargeValue;
import io.larder.server.store.Mutation;
import io.larder.server.store.ScanSink;
import io.larder.server.store.ScannedItem;
import io.netty.buffer.ByteBuf;

/** Takes items out of the store as the reply to an EXPORT. One thread, one reply. */
final class ExportPage implements ScanSink {
    /** Bytes after which no further item is begun. */
    private static final int BYTES_MAX = 64 << 10;

    /** The longest value that travels; with all else it stays below the usual limit of a body. */
    static final int VALUE_BYTES_MAX = 512 << 10;

    /** Bytes to which a page may grow where the store's order cannot tell items apart. */
    private static final int BYTES_CAP = (1 << 20) - (16 << 10);

    private final ByteBuf out;
    private final int start;
    private final long nowMillis;
    private int leftOut;

    ExportPage(ByteBuf out, String region, long nowMillis) {
        this.out = out;
        this.start = out.writerIndex();
        this.nowMillis = nowMillis;
        ExportReply.writeStart(out, region);
    }

    /** Tags mean nothing to another server: their items could not be invalidated there. */
    @Override
    public boolean accept(ScannedItem item) {
        LargeValue large = item.largeValue();
        int valueBytes = large == null ? item.value().length() : large.length();
        int bytes = ExportReply.ITEM_HEADER_BYTES + item.key().length() + valueBytes;
        boolean fits = valueBytes <= VALUE_BYTES_MAX && size() + bytes <= BYTES_CAP;
        if (item.tagCount() > 0 || !fits) {
            leftOut++;
            return size() < BYTES_MAX;
        }
        byte[] value = new byte[valueBytes];
        if (large == null) {
            item.value().copyTo(value, 0);
        } else {
            large.copyTo(0, value, 0, valueBytes);
        }
        new ExportReply.Item(
                        inMillis(item.expiryMillis()),
                        inMillis(item.softExpiryMillis()),
                        item.callerVersion(),
                        item.clientFlags(),
                        item.format(),
                        item.negative(),
                        item.key().toByteArray(),
                        value)
                .write(out);
        return size() < BYTES_MAX;
    }

    private int size() {
        return out.writerIndex() - start;
    }

    private long inMillis(long timeMillis) {
        return timeMillis == Mutation.NEVER
                ? ExportReply.NEVER
                : Math.max(0, timeMillis - nowMillis);
    }

    /** Ends with the cursor that the next request needs. */
    void end(long cursor) {
        ExportReply.putStart(out, start, cursor, leftOut);
    }
}
