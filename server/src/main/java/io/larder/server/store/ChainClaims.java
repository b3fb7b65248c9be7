package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which segments belong to the chains of large items that a rebuild has found whole: each to one at
 * most. For any thread.
 */
final class ChainClaims {
    private final SegmentTable segments;
    private final Memory memory;
    private final AtomicIntegerArray claimed;

    ChainClaims(SegmentTable segments) {
        this.segments = segments;
        this.memory = segments.arena();
        this.claimed = new AtomicIntegerArray(segments.segments());
    }

    /**
     * Claims the chain of a large item if head and segments agree and its bytes are what they were;
     * then it has its owner's pin and no other.
     */
    boolean claim(long position, long word0, long word1, ItemSum sum) {
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        if (extensionBytes < ItemLayout.withLargeField(8)) {
            return false;
        }
        int length = ItemLayout.largeLength(memory, position, extensionBytes);
        int count = LargeShape.chainSegments(length, segments.segmentBytes());
        int tail = LargeShape.tailBytes(length, segments.segmentBytes());
        long chain = ItemLayout.largeChain(memory, position, extensionBytes);
        if (length <= 0
                || count == 0
                || tail != ItemLayout.valueLength(word0)
                || !segments.chains().isIntact(chain, count)
                || sum.ofChain(segments, ChainTable.first(chain), length - tail)
                        != ItemLayout.chainSum(memory, position, extensionBytes)
                || !claimAll(ChainTable.first(chain))) {
            return false;
        }
        segments.chains().restore(chain);
        return true;
    }

    private boolean claimAll(int first) {
        for (int segment = first;
                segment != ChainTable.NONE;
                segment = segments.chains().after(segment)) {
            if (!claimed.compareAndSet(segment, 0, 1)) {
                for (int own = first; own != segment; own = segments.chains().after(own)) {
                    claimed.set(own, 0);
                }
                return false;
            }
        }
        return true;
    }

    /** Gives back what no head was found for, once all shards are rebuilt. */
    void giveRest() {
        for (int segment = 0; segment < segments.segments(); segment++) {
            if (segments.record().use(segment) == SegmentRecord.CHAIN
                    && claimed.get(segment) == 0) {
                segments.chains().forget(segment);
                segments.give(segment);
            }
        }
    }
}
