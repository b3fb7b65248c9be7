package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.StripedCounter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Stores that are broken on purpose, each in one place and each so that a key or a value can be
 * lost: the proofs must notice every one of them.
 */
enum Twin {
    /** "Another key's item" is believed although the item may have been recycled meanwhile. */
    MISS_NOT_VALIDATED(Meeting.RELOCATE_AND_REUSE) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                    return new MissBelieved(shard, hitSink, readsLocked);
                }
            };
        }
    },
    /** A slot that changed between hint and second look is passed over. */
    CHANGED_SLOT_SKIPPED(Meeting.OVERWRITE) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                    return new ChangedSkipped(shard, hitSink, readsLocked);
                }
            };
        }
    },
    /** A miss is believed although slots of the chain were moved during the search. */
    RELOCATION_NOT_CHECKED(Meeting.SPLIT_PULLS_TOGETHER, Meeting.OVERFLOW_UNLINKED_AND_REUSED) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                    return new RelocationIgnored(shard, hitSink, readsLocked);
                }
            };
        }
    },
    /** A scan believes a pass although slots of the chain were moved under it. */
    SCAN_RELOCATION_NOT_CHECKED(
            Meeting.SPLIT_PULLS_TOGETHER::holdForScans,
            Meeting.OVERFLOW_UNLINKED_AND_REUSED::holdForScans) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardScanner scanner(Shard shard, int shards, StripedCounter readsLocked) {
                    return new ShardScanner(shard, shards, readsLocked) {
                        @Override
                        boolean chainStayed(long primary, long primaryControl) {
                            return true;
                        }
                    };
                }
            };
        }
    },
    /** What a snapshot has copied already comes again out of a split's image, as it is by then. */
    SNAPSHOT_MARK_NOT_INHERITED(Cut.SPLITS) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                HashIndex index(Memory arena, IndexChunks chunks) {
                    return new RecordedIndex(arena, chunks) {
                        @Override
                        void inheritMark(long source, long target) {}
                    };
                }
            };
        }
    },
    /** A scan ends where the buckets ended when it came. */
    SCAN_END_READ_FIRST(Interruption.SCAN_BY_SPLIT) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardScanner scanner(Shard shard, int shards, StripedCounter readsLocked) {
                    return new EndReadFirst(shard, shards, readsLocked);
                }
            };
        }
    },
    RELOCATION_RAISED_BEFORE_COPY(Meeting.SPLIT_PULLS_TOGETHER) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                HashIndex index(Memory arena, IndexChunks chunks) {
                    return new RaisedFirst(arena, chunks);
                }
            };
        }
    },
    RELOCATION_RAISED_AFTER_CLEAR(Meeting.SPLIT_PULLS_TOGETHER) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                HashIndex index(Memory arena, IndexChunks chunks) {
                    return new RaisedLast(arena, chunks);
                }
            };
        }
    },
    GEOMETRY_PUBLISHED_BEFORE_COPY(Meeting.SPLIT_AWAY, Interruption.SPLIT_BY_READ) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                HashIndex index(Memory arena, IndexChunks chunks) {
                    return new PublishedFirst(arena, chunks);
                }
            };
        }
    },
    /** A frequency mark set between the swing's load and its CAS undoes the write. */
    SWING_BY_CAS(
            Interruption.OVERWRITE_BY_READ,
            Interruption.DELETE_BY_READ,
            Interruption.RELOCATION_BY_READ) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                HashIndex index(Memory arena, IndexChunks chunks) {
                    return new CasSwing(arena, chunks);
                }
            };
        }
    },
    /** A moved item's source stays COMPLETE: a rebuild would find it, even after a deletion. */
    SOURCE_NOT_MARKED_DEAD(Meeting.RELOCATE_AND_REUSE, Interruption.RELOCATION_BY_OVERWRITE) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                Shard shard(
                        int id,
                        SegmentTable segments,
                        HashIndex index,
                        SegmentLog log,
                        KeyHasher hasher,
                        long nowMillis) {
                    return new SourceLeft(id, segments, index, log, hasher, nowMillis);
                }
            };
        }
    },
    /** A segment is evicted while an item in it is still being filled. */
    PENDING_IGNORED(Interruption.LARGE_PUT_BY_EVICTION) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                SegmentLog log(SegmentTable segments, long nowMillis) {
                    return new SegmentLog(segments, nowMillis) {
                        @Override
                        boolean mayRecycle(int segment) {
                            return true;
                        }
                    };
                }
            };
        }
    },
    /** A reader counts itself in first and looks whether it may afterwards. */
    PIN_BY_INCREMENT_THEN_VALIDATE(Interruption.CHAINED_READ_BY_DELETE) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                    return new CountedFirst(shard, hitSink, readsLocked);
                }
            };
        }
    },
    /** A reader believes the item and does not pin. */
    CHAIN_NOT_PINNED(Interruption.CHAINED_READ_BY_OVERWRITE) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                    return new ShardReader(shard, hitSink, readsLocked) {
                        @Override
                        boolean pin(LargeValue value) {
                            return true;
                        }
                    };
                }
            };
        }
    },
    /** The floors are loaded when the item has been found already. */
    FLOORS_LOADED_AFTER_SLOT(Interruption.READ_OF_INVALIDATED_BY_SWEEP) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                    return new FloorsLate(shard, hitSink, readsLocked);
                }
            };
        }
    },
    /** An invalidation covers what the clock says, not what the shard has written. */
    FLOOR_BY_TIME(Interruption.READ_BY_INVALIDATION) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                Shard shard(
                        int id,
                        SegmentTable segments,
                        HashIndex index,
                        SegmentLog log,
                        KeyHasher hasher,
                        long nowMillis) {
                    return new Shard(id, segments, index, log, hasher, nowMillis) {
                        @Override
                        void invalidateTag(long tag, long now) {
                            floors.raiseTag(tag, now << 8);
                        }
                    };
                }
            };
        }
    },
    /** Writers take an invalidated item for a present one: a touch would bring it back. */
    PRESENCE_WITHOUT_FLOORS(Interruption.READ_BY_INVALIDATION) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                Shard shard(
                        int id,
                        SegmentTable segments,
                        HashIndex index,
                        SegmentLog log,
                        KeyHasher hasher,
                        long nowMillis) {
                    return new Shard(id, segments, index, log, hasher, nowMillis) {
                        @Override
                        boolean isInvalidated(long position) {
                            return false;
                        }
                    };
                }
            };
        }
    },
    /** A dead item is written over while readers that found it believe what they read. */
    HOLE_FILLED_WITHOUT_RAISE(Meeting.HOLE_FILLED) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                Shard shard(
                        int id,
                        SegmentTable segments,
                        HashIndex index,
                        SegmentLog log,
                        KeyHasher hasher,
                        long nowMillis) {
                    return new Shard(id, segments, index, log, hasher, nowMillis) {
                        @Override
                        void raiseForReuse(int segment) {}
                    };
                }
            };
        }
    },
    /** A miss is believed although the key's bucket was split during the search. */
    STALE_GEOMETRY(Meeting.SPLIT_AWAY) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
                    return new GeometryIgnored(shard, hitSink, readsLocked);
                }
            };
        }
    },
    /** What was unlinked is marked DEAD only later, when its place may be another item's. */
    DEAD_MARK_TOO_LATE(Meeting.EVICT_AND_COME_BACK, Interruption.DELETE_BY_READ) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                Shard shard(
                        int id,
                        SegmentTable segments,
                        HashIndex index,
                        SegmentLog log,
                        KeyHasher hasher,
                        long nowMillis) {
                    return new DeadLater(id, segments, index, log, hasher, nowMillis);
                }
            };
        }
    },
    /** Word 0 of a survivor is what it was when the body was copied. */
    TOUCH_LOST_BY_MOVE(Meeting.TOUCH_WHILE_RELOCATED) {
        @Override
        ShardAssembly assembly() {
            return new RecordedAssembly() {
                @Override
                Survivors survivors(Shard shard) {
                    return new StaleWord0(shard);
                }
            };
        }
    };

    private final List<Proof> caughtBy;

    Twin(Proof... caughtBy) {
        this.caughtBy = List.of(caughtBy);
    }

    /** What builds the broken store. */
    abstract ShardAssembly assembly();

    /** The proofs that do not hold for it. */
    List<Proof> caughtBy() {
        return caughtBy;
    }

    private static final class MissBelieved extends ShardReader {
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

    private static final class ChangedSkipped extends ShardReader {
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

    private static final class FloorsLate extends ShardReader {
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

    private static final class RelocationIgnored extends ShardReader {
        RelocationIgnored(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        boolean missIsTrue(Key key, long bucket, long primary, long primaryControl) {
            memory.loadFence();
            return HashIndex.bucketOf(key.hash(), index.geometryAcquire()) == bucket;
        }
    }

    private static final class GeometryIgnored extends ShardReader {
        GeometryIgnored(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            super(shard, hitSink, readsLocked);
        }

        @Override
        boolean missIsTrue(Key key, long bucket, long primary, long primaryControl) {
            memory.loadFence();
            return HashIndex.sameRelocation(memory.getLongOpaque(primary), primaryControl);
        }
    }

    private static final class DeadLater extends Shard {
        private long markAt;

        DeadLater(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        void markDead(long position, long word0) {
            if (markAt != 0) {
                super.markDead(markAt, memory.getLong(markAt));
            }
            markAt = position;
        }
    }

    private static final class CountedFirst extends ShardReader {
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

    private static final class EndReadFirst extends ShardScanner {
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

    private static final class RaisedFirst extends RecordedAssembly.RecordedIndex {
        private boolean raised;

        RaisedFirst(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
        }

        @Override
        void pullTogether(long primary) {
            super.raiseRelocation(primary);
            raised = true;
            super.pullTogether(primary);
            raised = false;
        }

        @Override
        void raiseRelocation(long primary) {
            if (!raised) {
                super.raiseRelocation(primary);
            }
        }
    }

    private static final class RaisedLast extends RecordedAssembly.RecordedIndex {
        private long toRaise = NO_SLOT;

        RaisedLast(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
        }

        @Override
        void raiseRelocation(long primary) {
            toRaise = primary;
        }

        @Override
        void clearMoved(int count) {
            super.clearMoved(count);
            super.raiseRelocation(toRaise);
        }
    }

    private static final class PublishedFirst extends RecordedAssembly.RecordedIndex {
        PublishedFirst(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
        }

        @Override
        void split(long seen, long image, LongUnaryOperator hashOfItemAt) {
            publishGeometry(after(seen));
            long source = primaryPosition(bucketOf(image, seen));
            int count = copyUp(seen, source, primaryPosition(image), hashOfItemAt);
            raiseRelocation(source);
            clearMoved(Math.max(0, count));
            pullTogether(source);
        }
    }

    private static final class CasSwing extends RecordedAssembly.RecordedIndex {
        private final Memory memory;

        CasSwing(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
            this.memory = arena;
        }

        @Override
        void swing(long slotAt, long slot) {
            long seen = memory.getLong(slotAt);
            memory.compareAndSetLong(slotAt, seen, slot);
        }
    }

    private static final class SourceLeft extends Shard {
        private boolean moving;

        SourceLeft(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        void move(long source, long target, long hash, long slotAt, int freq) {
            moving = true;
            super.move(source, target, hash, slotAt, freq);
            moving = false;
        }

        @Override
        void markDead(long position, long word0) {
            if (!moving) {
                super.markDead(position, word0);
            }
        }
    }

    private static final class StaleWord0 extends Survivors {
        private final Map<Long, Long> word0s = new HashMap<>();

        StaleWord0(Shard shard) {
            super(shard);
        }

        @Override
        void copyBody(long source, long target) {
            super.copyBody(source, target);
            word0s.put(target, shard.memory.getLong(source));
        }

        @Override
        void settle(long source, long target, long hash, int freq) {
            boolean linked = shard.index.locate(hash, source) != HashIndex.NO_SLOT;
            super.settle(source, target, hash, freq);
            long word0 = word0s.remove(target);
            if (linked) {
                shard.memory.putLongRelease(target, word0);
            }
        }
    }
}
