package io.larder.server.store;

import static java.util.Objects.requireNonNull;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * A flyweight over one item during a read. Valid only inside {@link ValueSink#accept}; what it says
 * there may be garbage that the read will discard, yet never leads outside the arena.
 *
 * <p>A large item is shown only once it is known to be the key's, and its value stays whole while
 * it is shown; {@link #retain} makes it stay longer.
 */
public final class ItemView {
    // Set by show, before anything is asked.
    @SuppressWarnings("NullAway.Init")
    private Memory memory;

    private long position;
    private long word0;
    private long word1;
    private int extensionBytes;

    /** Where a view that is used under the shard's lock finds the chain of a large item. */
    private @Nullable SegmentTable segments;

    /** The value of a large item, if the view is used without the lock or it was asked for. */
    private @Nullable LargeValue large;

    private boolean isRetained;
    private int uses;

    ItemView() {}

    /** For use under the shard's lock only, while what is linked stays so. */
    ItemView showLocked(
            SegmentTable segments, long position, long word0, long word1, int extensionBytes) {
        show(segments.arena(), position, word0, word1, extensionBytes);
        this.segments = segments;
        return this;
    }

    ItemView show(Memory memory, long position, long word0, long word1, int extensionBytes) {
        this.segments = null;
        this.large = null;
        this.isRetained = false;
        this.uses = 0;
        this.memory = memory;
        this.position = position;
        this.word0 = word0;
        this.word1 = word1;
        this.extensionBytes = extensionBytes;
        return this;
    }

    /** Length of the key in bytes. */
    int keyLength() {
        return ItemLayout.keyLength(word1);
    }

    /** Bytes of the item, padding included; 0 of a large one, part of which lies elsewhere. */
    int itemBytes() {
        return isLarge()
                ? 0
                : ItemLayout.itemBytes(extensionBytes, keyLength(), ItemLayout.valueLength(word0));
    }

    /** The space the item is in. */
    int space() {
        return ItemLayout.space(memory, position, extensionBytes);
    }

    /** Shows a large item by the copy that was made of it. */
    ItemView showLarge(long word0, long word1, LargeValue value) {
        this.word0 = word0;
        this.word1 = word1;
        this.large = value;
        this.isRetained = false;
        this.uses = 0;
        return this;
    }

    /** Whether the value lies in a chain of segments: it is long, and best taken in pieces. */
    public boolean isLarge() {
        return ItemLayout.kind(word1) == ItemLayout.KIND_LARGE;
    }

    /**
     * The value of a large item, for use after the read: the caller closes it. At most once in a
     * call of {@link ValueSink#accept}, and not of an item that is not large.
     */
    public LargeValue retain() {
        LargeValue value = value();
        if (!value.pin()) {
            throw new IllegalStateException("retained outside of the read");
        }
        isRetained = true;
        return value;
    }

    /** Ends the showing of a large item: its value goes unless somebody retained it. */
    void release() {
        if (large != null && !isRetained) {
            large.close();
        }
    }

    /** The value of a large item; of any item under the shard's lock. */
    LargeValue value() {
        LargeValue value = large;
        if (value == null) {
            value =
                    new LargeValue(
                            requireNonNull(segments), position, word0, word1, extensionBytes);
            large = value;
        }
        return value;
    }

    /** Length of the value in bytes. */
    public int valueLength() {
        if (isLarge()) {
            return large == null
                    ? ItemLayout.largeLength(memory, position, extensionBytes)
                    : large.length();
        }
        return ItemLayout.valueLength(word0);
    }

    /** The item's version, 48 bits. */
    public long version() {
        return ItemLayout.version(word1);
    }

    /** When it expires, in store milliseconds; {@link Mutation#NEVER} if never. */
    public long expiryMillis() {
        return ItemLayout.expiryMillis(word0);
    }

    /** When it should be loaded anew, in store milliseconds; {@link Mutation#NEVER} if never. */
    public long softExpiryMillis() {
        return large != null
                ? large.softExpiryMillis
                : ItemLayout.softExpiryMillis(memory, position, extensionBytes);
    }

    /** Whether the item says that its key is known not to exist at the origin. */
    public boolean negative() {
        return ItemLayout.kind(word1) == ItemLayout.KIND_NEGATIVE;
    }

    /** The caller's 32 opaque bits, 0 if none were stored. */
    public int clientFlags() {
        return large != null
                ? large.clientFlags
                : ItemLayout.clientFlags(memory, position, extensionBytes);
    }

    /** The caller's own version, 0 if none was stored. */
    public long callerVersion() {
        return large != null
                ? large.callerVersion
                : ItemLayout.callerVersion(memory, position, extensionBytes);
    }

    /** Type tag and codec of the value, 8 bits. */
    public int format() {
        return large != null ? large.format : ItemLayout.format(memory, position, extensionBytes);
    }

    /** When it expires however much it is used; {@link Mutation#NEVER} if it never has to. */
    long endOfLifeMillis() {
        return ItemLayout.endOfLifeMillis(memory, position, extensionBytes);
    }

    /** For a read, which knows the item's slot. */
    ItemView used(int times) {
        uses = times;
        return this;
    }

    /**
     * How often its key was read of late, before this read: up to 3, and fewer each time eviction
     * has spared it; an overwrite leaves it. 0 where a write shows it, and for one from disk.
     */
    public int uses() {
        return uses;
    }

    /** How many tags the item has. */
    public int tagCount() {
        return large != null
                ? large.tags.length
                : Math.min(
                        Mutation.TAGS_MAX, ItemLayout.tagCount(memory, position, extensionBytes));
    }

    /** One of them, by hash. */
    public long tag(int index) {
        return large != null
                ? large.tags[index]
                : ItemLayout.tag(memory, position, extensionBytes, index);
    }

    /** Whether the item, under {@code key}, is dead by these floors. */
    boolean isCoveredBy(ShardFloors.Active floors, int space, Slice key) {
        return floors.cover(memory, position, extensionBytes, version(), space, key);
    }

    /** Copies the value to {@code target}, which has room for {@link #valueLength()} bytes. */
    public void copyTo(byte[] target, int targetOffset) {
        if (isLarge()) {
            value().copyTo(0, target, targetOffset, valueLength());
        } else {
            memory.copyOut(valuePosition(), target, targetOffset, ItemLayout.valueLength(word0));
        }
    }

    /** Copies the value to native memory with room for {@link #valueLength()} bytes. */
    public void copyTo(long targetAddress) {
        if (isLarge()) {
            value().copyTo(0, targetAddress, valueLength());
        } else {
            memory.copyOut(valuePosition(), targetAddress, ItemLayout.valueLength(word0));
        }
    }

    /** Copies the first {@code length} bytes of the key and the value, which follows it. */
    void copyKeyAndValueTo(byte[] target, int targetOffset, int length) {
        memory.copyOut(
                ItemLayout.keyPosition(position, extensionBytes), target, targetOffset, length);
    }

    /** Copies the value to another place in the same arena; not that of a large item. */
    void copyWithin(long target) {
        assert !isLarge();
        memory.copy(valuePosition(), target, valueLength());
    }

    private long valuePosition() {
        return ItemLayout.keyPosition(position, extensionBytes) + ItemLayout.keyLength(word1);
    }
}
