package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import java.util.Arrays;

/**
 * A key as the store wants it: the space it belongs to, its bytes, and the hash of both, computed
 * once. A reusable flyweight for one thread; it owns no bytes.
 */
public final class Key {
    /** The longest key, in bytes: what twelve bits of an item's header can say. */
    public static final int BYTES_MAX = 4095;

    /** What a read of this key shows its sink: here, so that a read allocates nothing. */
    final ItemView view = new ItemView();

    private final Slice bytes = new Slice();
    private int space;
    private long hash;
    private long passedOver;

    /** Wraps {@code length} bytes of native memory at {@code address}. */
    public Key wrapAddress(KeyHasher hasher, int space, long address, int length) {
        bytes.wrapAddress(address, length);
        return hash(hasher, space);
    }

    /** Wraps {@code length} bytes of {@code array} from {@code offset}. */
    public Key wrap(KeyHasher hasher, int space, byte[] array, int offset, int length) {
        bytes.wrap(array, offset, length);
        return hash(hasher, space);
    }

    /** Wraps a whole array. */
    public Key wrap(KeyHasher hasher, int space, byte[] array) {
        return wrap(hasher, space, array, 0, array.length);
    }

    /** Wraps the key of a stored item, which is not empty. */
    Key wrapItem(KeyHasher hasher, Memory memory, long position, long word1) {
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        ItemLayout.key(memory, position, word1, extensionBytes, bytes);
        return hash(hasher, ItemLayout.space(memory, position, extensionBytes));
    }

    /**
     * Takes the hash.
     *
     * @throws IllegalArgumentException if the key is empty or too long
     */
    private Key hash(KeyHasher hasher, int space) {
        if (bytes.length() < 1 || bytes.length() > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "keyLength: " + bytes.length() + " (expected: 1.." + BYTES_MAX + ")");
        }
        this.space = space;
        this.hash = hasher.hash(space, bytes);
        this.passedOver = ShardOverflow.NONE;
        return this;
    }

    /** Whether the other is the same key of the same space. */
    boolean sameAs(Key other) {
        return hash == other.hash
                && space == other.space
                && Arrays.equals(bytes.toByteArray(), other.bytes.toByteArray());
    }

    /** The key's bytes. */
    public Slice bytes() {
        return bytes;
    }

    /** The incarnation of the region the key lives in, 24 bits. */
    public int space() {
        return space;
    }

    /**
     * Notes that what is kept elsewhere under this stamp is not this key's, or is nothing: its hash
     * only looks so. Until the key is wrapped anew.
     */
    public void passOver(long stamp) {
        passedOver = stamp;
    }

    /** The stamp noted last; {@link ShardOverflow#NONE} if none was. */
    public long passedOver() {
        return passedOver;
    }

    /** The keyed hash of space and bytes. */
    public long hash() {
        return hash;
    }
}
