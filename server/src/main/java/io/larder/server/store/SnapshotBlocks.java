package io.larder.server.store;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Items of one shard on their way into a snapshot: written under the shard's lock, by whoever comes
 * to a chain first, and taken away in blocks, under the lock too, by the thread that takes the
 * snapshot. All shards together hold no more than a bound.
 */
final class SnapshotBlocks {
    private static final int BLOCK_BYTES = 32 << 10;

    /** A run of items, or one whose large value has still to be copied. */
    static final class Block {
        byte[] bytes;
        int length;
        int items;
        private final @Nullable LargeValue large;

        Block(int bytes, @Nullable LargeValue large) {
            this.bytes = new byte[bytes];
            this.large = large;
        }

        private boolean hasRoom(int more) {
            return large == null && bytes.length - length >= more;
        }

        /** Copies the large value if there is one, and lets go of it. To be called without lock. */
        void complete() {
            if (large != null) {
                bytes = Arrays.copyOf(bytes, length + large.length());
                large.copyTo(0, bytes, length, large.length());
                length = bytes.length;
                large.close();
            }
        }

        /** Lets go of the block without having used it. */
        void drop() {
            if (large != null) {
                large.close();
            }
        }
    }

    private final ArrayDeque<Block> blocks = new ArrayDeque<>();
    private final AtomicLong bytesHeld; // of all shards

    SnapshotBlocks(SnapshotCut cut) {
        this.bytesHeld = cut.bytesHeld;
    }

    /**
     * Adds a copy of the item, with the expiry a restore is to give it; false if there is no room
     * for it.
     */
    boolean add(ItemView item, long expiryMillis) {
        int bytes = SnapshotItem.bytes(item);
        Block last = blocks.peekLast();
        Block block =
                last != null && last.hasRoom(bytes)
                        ? last
                        : begin(Math.max(BLOCK_BYTES, bytes), null);
        if (block == null) {
            return false;
        }
        SnapshotItem.write(item, expiryMillis, block.bytes, block.length);
        block.length += bytes;
        block.items++;
        return true;
    }

    /** Adds an item with a large value, which is kept until the block is completed or dropped. */
    boolean addLarge(ItemView item, long expiryMillis, LargeValue value) {
        Block block = begin(SnapshotItem.bytesBeforeValue(item), value);
        if (block == null) {
            return false;
        }
        if (!value.pin()) {
            throw new IllegalStateException("a linked item whose chain is gone");
        }
        SnapshotItem.writeBeforeValue(item, expiryMillis, block.bytes, 0);
        block.length = block.bytes.length;
        block.items = 1;
        return true;
    }

    private @Nullable Block begin(int bytes, @Nullable LargeValue large) {
        if (bytesHeld.addAndGet(bytes) > SnapshotCut.BYTES_MAX) {
            bytesHeld.addAndGet(-bytes);
            return null;
        }
        Block block = new Block(bytes, large);
        blocks.addLast(block);
        return block;
    }

    /** Takes the oldest block away; null if there is none. */
    @Nullable Block take() {
        Block block = blocks.pollFirst();
        if (block != null) {
            bytesHeld.addAndGet(-block.bytes.length);
        }
        return block;
    }
}
