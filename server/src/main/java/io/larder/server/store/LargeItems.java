package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * What is different about the LARGE items of a shard: their chains' bytes are charged with their
 * own, and the owner's pin goes when they are retired. Everything under the shard's lock.
 */
final class LargeItems {
    private final SegmentTable segments;
    private final Memory memory;
    private final ShardAccount account;

    LargeItems(SegmentTable segments, ShardAccount account) {
        this.segments = segments;
        this.memory = segments.arena();
        this.account = account;
    }

    /** Bytes charged for the item at {@code position}, of any kind: its own and its chain's. */
    int chargedBytes(long position, long word1, int itemBytes) {
        return ItemLayout.kind(word1) == ItemLayout.KIND_LARGE
                ? itemBytes + segments.chainBytes(length(position, word1))
                : itemBytes;
    }

    void stored(long position, long word0, long word1, int itemBytes) {
        int length = length(position, word1);
        int chainBytes = segments.chainBytes(length);
        account.stored(
                ItemLayout.expiryMillis(word0),
                itemBytes + chainBytes,
                ItemLayout.keyLength(word1) + length);
        account.chained(chainBytes / segments.segmentBytes());
    }

    /** Nothing points at the item any more: drops the owner's pin of its chain. */
    void retired(long position, long word0, long word1, int itemBytes) {
        int length = length(position, word1);
        int chainBytes = segments.chainBytes(length);
        account.retired(
                ItemLayout.expiryMillis(word0),
                itemBytes + chainBytes,
                ItemLayout.keyLength(word1) + length);
        account.chained(-chainBytes / segments.segmentBytes());
        segments.chains()
                .unpin(ItemLayout.largeChain(memory, position, extension(position, word1)));
    }

    private int length(long position, long word1) {
        return ItemLayout.largeLength(memory, position, extension(position, word1));
    }

    private int extension(long position, long word1) {
        return ItemLayout.extensionBytes(memory, position, word1);
    }
}
