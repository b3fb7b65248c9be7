package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.function.LongFunction;

/**
 * The memory that a store is built in: the arena, and what is known of its segments. Immutable.
 *
 * <p>It ends with the process, or it is lasting, as that of a mapped file is: then items carry sums
 * and the store writes down what a later process needs to find them again, and that one begins with
 * {@link ShardedStore#rebuild}.
 */
public final class StoreMemory {
    final Memory arena;
    final Memory generations;
    final Memory chains;
    final SegmentRecord segments;
    final VersionRecord versions;
    final boolean isLasting;
    final boolean isFresh;

    private StoreMemory(
            Memory arena,
            Memory generations,
            Memory chains,
            SegmentRecord segments,
            VersionRecord versions,
            boolean isFresh) {
        this.arena = arena;
        this.generations = generations;
        this.chains = chains;
        this.segments = segments;
        this.versions = versions;
        this.isLasting = segments != SegmentRecord.NONE;
        this.isFresh = isFresh;
    }

    /** Memory that ends with the process. */
    public static StoreMemory passing(StoreConfig config, LongFunction<Memory> allocator) {
        return passing(config.segments(), config.segmentBytes(), allocator);
    }

    static StoreMemory passing(int segments, int segmentBytes, LongFunction<Memory> allocator) {
        return new StoreMemory(
                allocator.apply((long) segments * segmentBytes),
                allocator.apply((long) segments * Memory.WORD_BYTES),
                allocator.apply(ChainTable.bytes(segments)),
                SegmentRecord.NONE,
                VersionRecord.NONE,
                true);
    }

    /**
     * Lasting memory.
     *
     * @param parts makes each of its parts, which are asked for in the same order always: the arena
     *     comes last, and only as much of it as the memory limit allows is touched. All zero but
     *     for the arena if {@code isFresh}
     * @param allocator for what does not last
     * @param isFresh whether there is nothing in it; else it is what an earlier store of the same
     *     configuration, but for its limit and reserve, left
     */
    public static StoreMemory lasting(
            StoreConfig config,
            LongFunction<Memory> parts,
            LongFunction<Memory> allocator,
            boolean isFresh) {
        int segments = config.segments();
        int shards = config.shards();
        long[] bytes = partBytes(config);
        Memory versions = parts.apply(bytes[0]);
        Memory chains = parts.apply(bytes[1]);
        Memory uses = parts.apply(bytes[2]);
        return new StoreMemory(
                parts.apply(bytes[3]),
                allocator.apply((long) segments * Memory.WORD_BYTES),
                chains,
                SegmentRecord.in(uses, segments),
                VersionRecord.in(versions, shards),
                isFresh);
    }

    /** Whether what an earlier store wrote down beside its items can be believed. */
    public boolean isSound() {
        return versions.isSound();
    }

    /** Bytes of the parts of lasting memory, in the order in which they are asked for. */
    public static long[] partBytes(StoreConfig config) {
        return new long[] {
            VersionRecord.bytes(config.shards()),
            ChainTable.bytes(config.segments()),
            SegmentRecord.bytes(config.segments()),
            (long) config.segments() * config.segmentBytes()
        };
    }
}
