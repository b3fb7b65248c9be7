package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * A flyweight over one item during a read. Valid only inside {@link ValueSink#accept}; what it says
 * there may be garbage that the read will discard, yet never leads outside the arena.
 */
public final class ItemView {
    // Set by show, before anything is asked.
    @SuppressWarnings("NullAway.Init")
    private Memory memory;

    private long position;
    private long word0;
    private long word1;
    private int extensionBytes;

    ItemView() {}

    ItemView show(Memory memory, long position, long word0, long word1, int extensionBytes) {
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

    /** The space the item is in. */
    int space() {
        return ItemLayout.space(memory, position, extensionBytes);
    }

    /** Length of the value in bytes. */
    public int valueLength() {
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

    /** Whether the item says that its key is known not to exist at the origin. */
    public boolean negative() {
        return ItemLayout.kind(word1) == ItemLayout.KIND_NEGATIVE;
    }

    /** The caller's 32 opaque bits, 0 if none were stored. */
    public int clientFlags() {
        return ItemLayout.clientFlags(memory, position, extensionBytes);
    }

    /** The caller's own version, 0 if none was stored. */
    public long callerVersion() {
        return ItemLayout.callerVersion(memory, position, extensionBytes);
    }

    /** Type tag and codec of the value, 8 bits. */
    public int format() {
        return ItemLayout.format(memory, position, extensionBytes);
    }

    /** Copies the value to {@code target}, which has room for {@link #valueLength()} bytes. */
    public void copyTo(byte[] target, int targetOffset) {
        memory.copyOut(valuePosition(), target, targetOffset, valueLength());
    }

    /** Copies the value to native memory with room for {@link #valueLength()} bytes. */
    public void copyTo(long targetAddress) {
        memory.copyOut(valuePosition(), targetAddress, valueLength());
    }

    /** Copies the first {@code length} bytes of the key and the value, which follows it. */
    void copyKeyAndValueTo(byte[] target, int targetOffset, int length) {
        memory.copyOut(
                ItemLayout.keyPosition(position, extensionBytes), target, targetOffset, length);
    }

    /** Copies the value to another place in the same arena. */
    void copyWithin(long target) {
        memory.copy(valuePosition(), target, valueLength());
    }

    private long valuePosition() {
        return ItemLayout.keyPosition(position, extensionBytes) + ItemLayout.keyLength(word1);
    }
}
