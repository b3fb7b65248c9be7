package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.StripedCounter;

/** The lock-free readers and scanners of {@link Twin}s. */
final class BrokenReaders {
    private BrokenReaders() {}

    static final class MissBelieved extends ShardReader {
        MissBelieved(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        Verdict lookAt(long slotAt, long hint, Key key, long nowMillis, ValueSink sink) {
            long slot = hint;
            while (Slot.mayHold(slot, Slot.tagBits(key.hash()))) {
                int segment = segments.segmentOf(Slot.position(slot));
                long generation = segments.generationAcquire(segment);
                long again = memory.getLongAcquire(slotAt);
                if (Slot.sameItem(again, slot)) {
                    Verdict verdict = judge(key, slot, null, nowMillis, sink);
                    memory.loadFence();
                    boolean same = segments.generationOpaque(segment) == generation;
                    return same || verdict == Verdict.OTHER ? verdict : Verdict.RETRY;
                }
                slot = again;
            }
            return Verdict.OTHER;
        }
    }

    static final class ChangedSkipped extends ShardReader {
        ChangedSkipped(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        Verdict lookAt(long slotAt, long hint, Key key, long nowMillis, ValueSink sink) {
            int segment = segments.segmentOf(Slot.position(hint));
            long generation = segments.generationAcquire(segment);
            if (!Slot.sameItem(memory.getLongAcquire(slotAt), hint)) {
                return Verdict.OTHER;
            }
            Verdict verdict = judge(key, hint, null, nowMillis, sink);
            memory.loadFence();
            return segments.generationOpaque(segment) == generation ? verdict : Verdict.RETRY;
        }
    }

    static final class FloorsLate extends ShardReader {
        FloorsLate(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        Verdict lookAt(long slotAt, long hint, Key key, long nowMillis, ValueSink sink) {
            long slot = hint;
            while (Slot.mayHold(slot, Slot.tagBits(key.hash()))) {
                int segment = segments.segmentOf(Slot.position(slot));
                long generation = segments.generationAcquire(segment);
                long again = memory.getLongAcquire(slotAt);
                if (Slot.sameItem(again, slot)) {
                    memory.getLongOpaque(Slot.position(slot));
                    Verdict verdict = judge(key, slot, floors.active(), nowMillis, sink);
                    memory.loadFence();
                    boolean same = segments.generationOpaque(segment) == generation;
                    return same ? verdict : Verdict.RETRY;
                }
                slot = again;
            }
            return Verdict.OTHER;
        }
    }

    static final class RelocationIgnored extends ShardReader {
        RelocationIgnored(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        boolean missIsTrue(Key key, long bucket, long primary, long primaryControl) {
            memory.loadFence();
            return HashIndex.bucketOf(key.hash(), index.geometryAcquire()) == bucket;
        }
    }

    static final class GeometryIgnored extends ShardReader {
        GeometryIgnored(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        boolean missIsTrue(Key key, long bucket, long primary, long primaryControl) {
            memory.loadFence();
            return HashIndex.sameRelocation(memory.getLongOpaque(primary), primaryControl);
        }
    }

    static final class CountedFirst extends ShardReader {
        CountedFirst(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        boolean pin(LargeValue value) {
            ChainTable chains = segments.chains();
            Memory words = chains.words();
            long wordAt = chains.wordAt(ChainTable.first(value.chain()));
            long word;
            do {
                word = words.getLongAcquire(wordAt);
            } while (!words.compareAndSetLong(wordAt, word, word + 1));
            boolean isSame = word >>> 24 == ChainTable.generation(value.chain());
            if (!isSame) {
                chains.unpin(ChainTable.name(ChainTable.first(value.chain()), word >>> 24));
                return false;
            }
            value.pinned();
            return true;
        }
    }

    static final class EndReadFirst extends ShardScanner {
        EndReadFirst(Shard shard, int shards, StripedCounter readsLocked) {
            super(shard, shards, readsLocked);
        }

        @Override
        boolean scan(Scan scan, long nowMillis, ScanSink sink) {
            long end = HashIndex.buckets(index.geometryAcquire());
            for (long bucket = ScanCursor.bucket(scan.cursor); bucket < end; bucket++) {
                if (!visit(bucket, 0, scan, nowMillis, sink)) {
                    return false;
                }
            }
            scan.cursor = Scan.END;
            return true;
        }
    }

    static final class NotPinned extends ShardReader {
        NotPinned(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        boolean pin(LargeValue value) {
            return true;
        }
    }

    static final class PassBelieved extends ShardScanner {
        PassBelieved(Shard shard, int shards, StripedCounter readsLocked) {
            super(shard, shards, readsLocked);
        }

        @Override
        boolean chainStayed(long primary, long primaryControl) {
            return true;
        }
    }
}
