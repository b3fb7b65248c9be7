package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static io.larder.server.store.StoreFixture.NONE_SURVIVES;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.PausingMemory;
import java.util.Arrays;

/**
 * One operation held up once, at any of its accesses to memory, while another one is done as a
 * whole: for every access where the other could be done, a fresh store, and an audit afterwards.
 * Reads that mark what they find interrupt anything; what takes the lock interrupts only where it
 * is free.
 */
enum Interruption implements Proof {
    OVERWRITE_BY_READ(256) {
        @Override
        void interrupted(StoreFixture store) {
            store.put(KEY, "b");
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn("a", "b");
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo("b");
        }
    },
    DELETE_BY_READ(256) {
        @Override
        void interrupted(StoreFixture store) {
            store.delete(KEY);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn("a", null);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
        }
    },
    SPLIT_BY_READ(256) {
        @Override
        void prepare(StoreFixture store) {
            super.prepare(store);
            for (int other = 1; other < 5; other++) {
                store.put(KEY + other, "o");
            }
        }

        @Override
        void interrupted(StoreFixture store) {
            store.put(KEY + 5, "o");
        }

        @Override
        void interrupting(StoreFixture store) {
            for (int other = 1; other < 5; other++) {
                assertThat(store.get(KEY + other).value()).isEqualTo("o");
            }
            assertThat(store.get(KEY).value()).isEqualTo("a");
        }

        @Override
        void check(StoreFixture store) {
            interrupting(store);
            assertThat(store.shards.get(0).index.primaryBuckets()).isEqualTo(2);
        }
    },
    RELOCATION_BY_READ(256) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, ALL_SURVIVE)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo("a");
        }

        @Override
        void check(StoreFixture store) {
            interrupting(store);
        }
    },
    RELOCATION_BY_TOUCH(256) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, ALL_SURVIVE)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.touch(KEY, 5_000)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).expiryMillis()).isEqualTo(5_000);
        }
    },
    RELOCATION_BY_OVERWRITE(256) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, ALL_SURVIVE)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.put(KEY, "b")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo("b");
        }
    },
    RELOCATION_BY_DELETE(256) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, ALL_SURVIVE)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.delete(KEY)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
        }
    },
    COMPACTION_BY_TOUCH(256) {
        @Override
        void prepare(StoreFixture store) {
            prepareCompaction(store);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, NONE_SURVIVES)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.touch(KEY, 5_000)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).expiryMillis()).isEqualTo(5_000);
        }
    },
    COMPACTION_BY_DELETE(256) {
        @Override
        void prepare(StoreFixture store) {
            prepareCompaction(store);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, NONE_SURVIVES)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.delete(KEY)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
        }
    },
    /** Walking over a segment for what has expired, item by item. */
    EXPIRY_BY_READ(256) {
        @Override
        void prepare(StoreFixture store) {
            super.prepare(store);
            store.put(KEY + 1, "o", 10);
            store.put(KEY + 2, "o", 10);
            store.now = 1_000;
        }

        @Override
        void interrupted(StoreFixture store) {
            while (store.store.expire(0)) {
                assertThat(store.shards.get(0).lock.isLocked()).isFalse();
            }
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo("a");
            assertThat(store.get(KEY + 1).isHit()).isFalse();
        }

        @Override
        void check(StoreFixture store) {
            interrupting(store);
            assertThat(store.shards.get(0).account.expirations).isEqualTo(2);
        }
    },
    RELOCATION_BY_SWEEP(256) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, ALL_SURVIVE)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            store.store.sweep(0, 0, 64, (space, version) -> false);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
        }
    },
    /** The slow writer whose segment fills: everything else is evicted and written over. */
    LARGE_PUT_BY_EVICTION(8192) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.put(KEY, LARGE)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void interrupting(StoreFixture store) {
            for (int round = 0; round < 6; round++) {
                store.put(KEY + 1, LARGE_OTHER);
                store.reclaim(0, NONE_SURVIVES);
            }
            store.put(KEY + 1, LARGE_OTHER);
            StoreAudit.check(store);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn(LARGE, null);
            assertThat(store.get(KEY + 1).value()).isIn(LARGE_OTHER, null);
        }
    },
    LARGE_PUT_BY_OVERWRITE(8192) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.put(KEY, LARGE)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.put(KEY, "b")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo(LARGE);
            assertThat(store.get(KEY).version()).isEqualTo(FIRST_VERSION + 2);
        }
    },
    /** The floor must be above every version given out, not just above the clock's. */
    READ_BY_INVALIDATION(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, "old");
            store.putTagged(KEY, "a", "tag");
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn("a", null);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.invalidateTag("tag")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
            assertThat(store.touch(KEY, 5_000)).isEqualTo(WriteStatus.MISSING);
        }
    },
    /** What is dead is unlinked, and the floor that said so let go, while it is read. */
    READ_OF_INVALIDATED_BY_SWEEP(256) {
        @Override
        void prepare(StoreFixture store) {
            store.putTagged(KEY, "a", "tag");
            store.putTagged(KEY + 1, "b");
            store.invalidateTag("tag");
            store.invalidatePrefix(0, 0, 0, KEY + 1);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
            assertThat(store.get(KEY + 1).isHit()).isFalse();
        }

        @Override
        void interrupting(StoreFixture store) {
            store.sweep();
            assertThat(store.shards.get(0).floors.active()).isNull();
        }

        @Override
        void check(StoreFixture store) {
            interrupted(store);
        }
    },
    RELOCATION_BY_INVALIDATION(256) {
        @Override
        void prepare(StoreFixture store) {
            store.putTagged(KEY, "a", "tag");
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.reclaim(0, ALL_SURVIVE)).isTrue();
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.invalidateTag("tag")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
            store.sweep();
            assertThat(store.get(KEY).isHit()).isFalse();
        }
    },
    LARGE_PUT_BY_INVALIDATION(8192) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.putTagged(KEY, LARGE, "tag")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.invalidateTag("tag")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn(LARGE, null);
            store.sweep();
            assertThat(store.get(KEY).value()).isIn(LARGE, null);
        }
    },
    /** Half of a bucket's items go to its image, which was not there when the scan came by. */
    SCAN_BY_SPLIT(256) {
        @Override
        void prepare(StoreFixture store) {
            super.prepare(store);
            for (int other = 1; other < 5; other++) {
                store.put(KEY + other, "o");
            }
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.scan()).containsKeys(KEY, KEY + 1, KEY + 2, KEY + 3, KEY + 4);
        }

        @Override
        void interrupting(StoreFixture store) {
            store.put(KEY + 5, "o");
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.shards.get(0).index.primaryBuckets()).isEqualTo(2);
        }
    },
    /** What is scanned and then used again, for another key. */
    SCAN_BY_RELOCATION(256) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.scan().get(KEY)).isEqualTo(store.get(KEY));
        }

        @Override
        void interrupting(StoreFixture store) {
            store.reclaim(0, ALL_SURVIVE);
            for (int i = 0; i < 24; i++) {
                store.put(KEY + 1, "o");
            }
            store.reclaim(0, ALL_SURVIVE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.scan()).containsOnlyKeys(KEY, KEY + 1);
        }
    },
    /** The condition held when the place was reserved and does not when it comes to publish. */
    LARGE_PUT_IF_VERSION_BY_OVERWRITE(8192) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.putIfVersion(KEY, LARGE, FIRST_VERSION))
                    .isIn(WriteStatus.DONE, WriteStatus.VERSION_MISMATCH);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.put(KEY, "b")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo("b");
        }
    },
    /** The chain being read is freed, and its segments hold another value at once. */
    CHAINED_READ_BY_OVERWRITE(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, CHAINED);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn(CHAINED, "b");
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.put(KEY, "b")).isEqualTo(WriteStatus.DONE);
            assertThat(store.put(KEY + 1, CHAINED_OTHER)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo("b");
            assertThat(store.get(KEY + 1).value()).isEqualTo(CHAINED_OTHER);
        }
    },
    /** The chain being read is freed, and nobody else has it yet. */
    CHAINED_READ_BY_DELETE(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, CHAINED);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn(CHAINED, null);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.delete(KEY)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
        }
    },
    /** The head moves, then goes; the place it was in holds something else. */
    CHAINED_READ_BY_RELOCATION(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, CHAINED);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo(CHAINED);
        }

        @Override
        void interrupting(StoreFixture store) {
            store.reclaim(0, ALL_SURVIVE);
            store.put(KEY + 1, CHAINED_OTHER);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo(CHAINED);
        }
    },
    CHAINED_READ_BY_EVICTION(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, CHAINED);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn(CHAINED, null);
        }

        @Override
        void interrupting(StoreFixture store) {
            store.reclaim(0, NONE_SURVIVES);
            store.put(KEY + 1, CHAINED_OTHER);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).isHit()).isFalse();
            assertThat(store.get(KEY + 1).value()).isEqualTo(CHAINED_OTHER);
        }
    },
    CHAINED_PUT_BY_READ(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, CHAINED);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.put(KEY, CHAINED_OTHER)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn(CHAINED, CHAINED_OTHER);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo(CHAINED_OTHER);
        }
    },
    /** The condition held when the head was reserved and does not when it comes to publish. */
    CHAINED_PUT_IF_VERSION_BY_OVERWRITE(256) {
        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.putIfVersion(KEY, CHAINED, FIRST_VERSION))
                    .isIn(WriteStatus.DONE, WriteStatus.VERSION_MISMATCH);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.put(KEY, "b")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo("b");
        }
    },
    CHAINED_RELOCATION_BY_OVERWRITE(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, CHAINED);
        }

        @Override
        void interrupted(StoreFixture store) {
            store.reclaim(0, ALL_SURVIVE);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.put(KEY, CHAINED_OTHER)).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isEqualTo(CHAINED_OTHER);
        }
    },
    /** The value appended to is another one by the time the outcome is stored. */
    CHAINED_APPEND_BY_OVERWRITE(256) {
        @Override
        void prepare(StoreFixture store) {
            store.put(KEY, CHAINED);
        }

        @Override
        void interrupted(StoreFixture store) {
            assertThat(store.append(KEY, "x")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void interrupting(StoreFixture store) {
            assertThat(store.put(KEY, "b")).isEqualTo(WriteStatus.DONE);
        }

        @Override
        void check(StoreFixture store) {
            assertThat(store.get(KEY).value()).isIn("b", "bx");
        }
    };

    private static final int NOT_REACHED = -1;
    private static final int KEY = 7;
    private static final long FIRST_VERSION = 256;

    /** Copied outside the lock, yet in one item. */
    private static final String LARGE = text('l', 4100);

    private static final String LARGE_OTHER = text('o', 4100);

    /** Two segments and a tail. */
    private static final String CHAINED = text('c', 600);

    private static final String CHAINED_OTHER = text('d', 600);

    private final int segmentBytes;

    Interruption(int segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    void prepare(StoreFixture store) {
        store.put(KEY, "a");
    }

    /** The key, and enough dead items beside it that its segment is compacted. */
    private static void prepareCompaction(StoreFixture store) {
        store.put(KEY, "a");
        for (int i = 0; i < 8; i++) {
            store.put(KEY + 1, "o");
        }
        store.policies.get(0).compacting = true;
    }

    abstract void interrupted(StoreFixture store);

    abstract void interrupting(StoreFixture store);

    abstract void check(StoreFixture store);

    private boolean needsLock() {
        return !name().endsWith("_BY_READ");
    }

    @Override
    public void holdFor(ShardAssembly assembly) {
        int interruptions = 0;
        int tried = tryAt(0, assembly);
        for (int access = 1; tried != NOT_REACHED; access++) {
            interruptions += tried;
            tried = tryAt(access, assembly);
        }
        assertThat(interruptions).as("accesses at which %s could come", this).isPositive();
    }

    private int tryAt(int access, ShardAssembly assembly) {
        PausingMemory.Pause pause = new PausingMemory.Pause();
        StoreFixture store =
                new StoreFixture(
                        StoreFixture.config(16, segmentBytes, 1),
                        pause.allocator(),
                        HitSink.FREQUENCY,
                        assembly);
        prepare(store);
        boolean[] done = {false};
        pause.after(access, () -> done[0] = interrupt(store));
        interrupted(store);
        if (pause.cancel()) {
            return NOT_REACHED;
        }
        if (done[0]) {
            check(store);
            StoreAudit.check(store);
        }
        return done[0] ? 1 : 0;
    }

    private boolean interrupt(StoreFixture store) {
        if (store.auditing || needsLock() && store.shards.get(0).lock.isLocked()) {
            return false;
        }
        interrupting(store);
        return true;
    }

    private static String text(char character, int length) {
        char[] text = new char[length];
        Arrays.fill(text, character);
        return new String(text);
    }
}
