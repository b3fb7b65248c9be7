package io.larder.server.tier.chronicle;

import io.larder.protocol.file.RegionRecord;
import io.larder.server.memory.Slice;
import io.larder.server.store.DetachedItem;
import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import io.larder.server.store.ScannedItem;

/** One record read from the map and the room to show it as an item. One thread. */
final class Workspace {
    private static final int BYTES_FIRST = 512;

    final RegionRecord record = new RegionRecord();
    private final DetachedItem item = new DetachedItem();
    private final Mutation fields = new Mutation();
    private final Slice value = new Slice();
    private byte[] bytes = new byte[BYTES_FIRST];

    /** Room for a record of this length. */
    byte[] recordOf(int length) {
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        return bytes;
    }

    /** The value of the record read last. */
    Slice value() {
        return value.wrap(bytes, record.valueOffset(), record.valueLength());
    }

    /** The record read last as an item, until the next is read. */
    ItemView show(int space, Slice key) {
        return show(record.expiryMillis(), space, key);
    }

    /** The same with another expiry. */
    ItemView show(long expiryMillis, int space, Slice key) {
        fields.reset();
        fields.expiryMillis = expiryMillis;
        fields.softExpiryMillis = record.softExpiryMillis();
        fields.clientFlags = record.clientFlags();
        fields.callerVersion = record.callerVersion();
        fields.format = record.format();
        fields.negative = record.negative();
        for (int i = 0; i < record.tags(); i++) {
            fields.addTag(record.tag(i));
        }
        return item.show(fields, record.version(), space, key, value());
    }

    /** The item shown last, for a scan. */
    ScannedItem scanned(boolean withValue) {
        return item.scanned(withValue);
    }

    /** The record read last, as it is in the map, with another expiry. */
    byte[] withExpiry(long expiryMillis) {
        byte[] copy = new byte[record.valueOffset() + record.valueLength()];
        System.arraycopy(bytes, 0, copy, 0, copy.length);
        RegionRecord.writeHeader(
                copy, record.version(), expiryMillis, record.softExpiryMillis(), record.epoch());
        return copy;
    }
}
