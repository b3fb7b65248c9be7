package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.StripedCounter;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Stores that are broken on purpose, each in one place and each so that a key or a value can be
 * lost: the proofs must notice every one of them.
 */
enum Twin {
    /** "Another key's item" is believed although the item may have been recycled meanwhile. */
    MISS_NOT_VALIDATED(reader(BrokenReaders.MissBelieved::new), Meeting.RELOCATE_AND_REUSE),
    /** A slot that changed between hint and second look is passed over. */
    CHANGED_SLOT_SKIPPED(reader(BrokenReaders.ChangedSkipped::new), Meeting.OVERWRITE),
    /** A miss is believed although slots of the chain were moved during the search. */
    RELOCATION_NOT_CHECKED(
            reader(BrokenReaders.RelocationIgnored::new),
            Meeting.SPLIT_PULLS_TOGETHER,
            Meeting.OVERFLOW_UNLINKED_AND_REUSED),
    /** A scan believes a pass although slots of the chain were moved under it. */
    SCAN_RELOCATION_NOT_CHECKED(
            scanner(BrokenReaders.PassBelieved::new),
            Meeting.SPLIT_PULLS_TOGETHER::holdForScans,
            Meeting.OVERFLOW_UNLINKED_AND_REUSED::holdForScans),
    /** What a snapshot has copied already comes again out of a split's image, as it is by then. */
    SNAPSHOT_MARK_NOT_INHERITED(index(BrokenIndexes.MarkLost::new), Cut.SPLITS),
    /** A scan ends where the buckets ended when it came. */
    SCAN_END_READ_FIRST(scanner(BrokenReaders.EndReadFirst::new), Interruption.SCAN_BY_SPLIT),
    RELOCATION_RAISED_BEFORE_COPY(
            index(BrokenIndexes.RaisedFirst::new), Meeting.SPLIT_PULLS_TOGETHER),
    RELOCATION_RAISED_AFTER_CLEAR(
            index(BrokenIndexes.RaisedLast::new), Meeting.SPLIT_PULLS_TOGETHER),
    GEOMETRY_PUBLISHED_BEFORE_COPY(
            index(BrokenIndexes.PublishedFirst::new),
            Meeting.SPLIT_AWAY,
            Interruption.SPLIT_BY_READ),
    /** A frequency mark set between the swing's load and its CAS undoes the write. */
    SWING_BY_CAS(
            index(BrokenIndexes.CasSwing::new),
            Interruption.OVERWRITE_BY_READ,
            Interruption.DELETE_BY_READ,
            Interruption.RELOCATION_BY_READ),
    /** A moved item's source stays COMPLETE: a rebuild would find it, even after a deletion. */
    SOURCE_NOT_MARKED_DEAD(
            shard(BrokenShards.SourceLeft::new),
            Meeting.RELOCATE_AND_REUSE,
            Interruption.RELOCATION_BY_OVERWRITE),
    /** A segment is evicted while an item in it is still being filled. */
    PENDING_IGNORED(log(BrokenShards.PendingIgnored::new), Interruption.LARGE_PUT_BY_EVICTION),
    /** A reader counts itself in first and looks whether it may afterwards. */
    PIN_BY_INCREMENT_THEN_VALIDATE(
            reader(BrokenReaders.CountedFirst::new), Interruption.CHAINED_READ_BY_DELETE),
    /** A reader believes the item and does not pin. */
    CHAIN_NOT_PINNED(reader(BrokenReaders.NotPinned::new), Interruption.CHAINED_READ_BY_OVERWRITE),
    /** The floors are loaded when the item has been found already. */
    FLOORS_LOADED_AFTER_SLOT(
            reader(BrokenReaders.FloorsLate::new), Interruption.READ_OF_INVALIDATED_BY_SWEEP),
    /** An invalidation covers what the clock says, not what the shard has written. */
    FLOOR_BY_TIME(shard(BrokenShards.FloorByTime::new), Interruption.READ_BY_INVALIDATION),
    /** Writers take an invalidated item for a present one: a touch would bring it back. */
    PRESENCE_WITHOUT_FLOORS(
            shard(BrokenShards.FloorsIgnored::new), Interruption.READ_BY_INVALIDATION),
    /** A dead item is written over while readers that found it believe what they read. */
    HOLE_FILLED_WITHOUT_RAISE(shard(BrokenShards.ReusedUnraised::new), Meeting.HOLE_FILLED),
    /** A miss is believed although the key's bucket was split during the search. */
    STALE_GEOMETRY(reader(BrokenReaders.GeometryIgnored::new), Meeting.SPLIT_AWAY),
    /** What was unlinked is marked DEAD only later, when its place may be another item's. */
    DEAD_MARK_TOO_LATE(
            shard(BrokenShards.DeadLater::new),
            Meeting.EVICT_AND_COME_BACK,
            Interruption.DELETE_BY_READ),
    /** Word 0 of a survivor is what it was when the body was copied. */
    TOUCH_LOST_BY_MOVE(survivors(BrokenShards.StaleWord0::new), Meeting.TOUCH_WHILE_RELOCATED);

    private final Supplier<ShardAssembly> assembly;
    private final List<Proof> caughtBy;

    Twin(Supplier<ShardAssembly> assembly, Proof... caughtBy) {
        this.assembly = assembly;
        this.caughtBy = List.of(caughtBy);
    }

    /** What builds the broken store. */
    ShardAssembly assembly() {
        return assembly.get();
    }

    /** The proofs that do not hold for it. */
    List<Proof> caughtBy() {
        return caughtBy;
    }

    private interface ReaderMaker {
        ShardReader make(Shard shard, HitSink hitSink, StripedCounter readsLocked);
    }

    private static Supplier<ShardAssembly> reader(ReaderMaker maker) {
        return () ->
                new RecordedAssembly() {
                    @Override
                    ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                        return maker.make(shard, hitSink, readsLocked);
                    }
                };
    }

    private interface ScannerMaker {
        ShardScanner make(Shard shard, int shards, StripedCounter readsLocked);
    }

    private static Supplier<ShardAssembly> scanner(ScannerMaker maker) {
        return () ->
                new RecordedAssembly() {
                    @Override
                    ShardScanner scanner(Shard shard, int shards, StripedCounter readsLocked) {
                        return maker.make(shard, shards, readsLocked);
                    }
                };
    }

    private static Supplier<ShardAssembly> index(BiFunction<Memory, IndexChunks, HashIndex> maker) {
        return () ->
                new RecordedAssembly() {
                    @Override
                    HashIndex index(Memory arena, IndexChunks chunks) {
                        return maker.apply(arena, chunks);
                    }
                };
    }

    private interface ShardMaker {
        Shard make(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis);
    }

    private static Supplier<ShardAssembly> shard(ShardMaker maker) {
        return () ->
                new RecordedAssembly() {
                    @Override
                    Shard shard(
                            int id,
                            SegmentTable segments,
                            HashIndex index,
                            SegmentLog log,
                            KeyHasher hasher,
                            long nowMillis) {
                        return maker.make(id, segments, index, log, hasher, nowMillis);
                    }
                };
    }

    private static Supplier<ShardAssembly> log(BiFunction<SegmentTable, Long, SegmentLog> maker) {
        return () ->
                new RecordedAssembly() {
                    @Override
                    SegmentLog log(SegmentTable segments, long nowMillis) {
                        return maker.apply(segments, nowMillis);
                    }
                };
    }

    private static Supplier<ShardAssembly> survivors(Function<Shard, Survivors> maker) {
        return () ->
                new RecordedAssembly() {
                    @Override
                    Survivors survivors(Shard shard) {
                        return maker.apply(shard);
                    }
                };
    }
}
