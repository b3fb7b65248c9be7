package io.larder.server.accesslog;

import io.larder.server.memory.Slice;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One event, as a flyweight over its record in the log: valid, and for one thread, while a listener
 * is told of it.
 */
public final class Event {
    /*
     *    0      8         16     24      28      32           36
     *   +------+---------+------+-------+-------+------------+------ ...
     *   | time | version | hash | space | shard | key length | key
     *   +------+---------+------+-------+-------+------------+------ ...
     *
     * The type is the ring's own. The length is the whole key's; of a longer one than KEY_BYTES_MAX
     * only the beginning is there.
     */
    private static final int TIME_OFFSET = 0;
    private static final int VERSION_OFFSET = 8;
    private static final int HASH_OFFSET = 16;
    private static final int SPACE_OFFSET = 24;
    private static final int SHARD_OFFSET = 28;
    private static final int KEY_LENGTH_OFFSET = 32;
    private static final int KEY_OFFSET = 36;

    /** Bytes of a key that an event carries at most. */
    public static final int KEY_BYTES_MAX = 256;

    private EventType type = EventType.STORED;
    private long sequence;
    private long timeMillis;
    private long version;
    private long hash;
    private int space;
    private int shard;
    private int keyLength;
    private final Slice key = new Slice();

    Event() {}

    /** Bytes of the record of an event with a key of {@code keyLength} bytes. */
    static int recordBytes(int keyLength) {
        return KEY_OFFSET + Math.min(keyLength, KEY_BYTES_MAX);
    }

    /** What an event about a key or a connection is about. */
    record Subject(int shard, int space, long hash, long version) {}

    static void write(
            MutableDirectBuffer record, int index, long timeMillis, Subject subject, Slice key) {
        record.putLong(index + TIME_OFFSET, timeMillis);
        record.putLong(index + VERSION_OFFSET, subject.version);
        record.putLong(index + HASH_OFFSET, subject.hash);
        record.putInt(index + SPACE_OFFSET, subject.space);
        record.putInt(index + SHARD_OFFSET, subject.shard);
        record.putInt(index + KEY_LENGTH_OFFSET, key.length());
        int keyBytes = Math.min(key.length(), KEY_BYTES_MAX);
        for (int i = 0; i < keyBytes; i++) {
            record.putByte(index + KEY_OFFSET + i, key.getByte(i));
        }
    }

    Event wrap(int typeCode, long sequence, DirectBuffer record, int index, int length) {
        this.type = EventType.ofCode(typeCode);
        this.sequence = sequence;
        timeMillis = record.getLong(index + TIME_OFFSET);
        version = record.getLong(index + VERSION_OFFSET);
        hash = record.getLong(index + HASH_OFFSET);
        space = record.getInt(index + SPACE_OFFSET);
        shard = record.getInt(index + SHARD_OFFSET);
        keyLength = record.getInt(index + KEY_LENGTH_OFFSET);
        key.wrapAddress(record.addressOffset() + index + KEY_OFFSET, length - KEY_OFFSET);
        return this;
    }

    /** What happened. */
    public EventType type() {
        return type;
    }

    /** Its place in the log's order, from 0. */
    public long sequence() {
        return sequence;
    }

    /** When it was logged, in store milliseconds. */
    public long timeMillis() {
        return timeMillis;
    }

    /**
     * The version the item has, or had. Events of one key may arrive in another order than they
     * happened in; versions tell.
     */
    public long version() {
        return version;
    }

    /** The keyed hash of space and key. */
    public long hash() {
        return hash;
    }

    /** The incarnation of the region the key lives in. */
    public int space() {
        return space;
    }

    /** The key's shard. */
    public int shard() {
        return shard;
    }

    /** The key's length in bytes, also where it is longer than what {@link #key} shows. */
    public int keyLength() {
        return keyLength;
    }

    /** The key, or its first {@link #KEY_BYTES_MAX} bytes. */
    public Slice key() {
        return key;
    }
}
