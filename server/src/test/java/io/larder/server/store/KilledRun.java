package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.KillableMemory;
import io.larder.server.memory.KillableMemory.Killed;
import io.larder.server.store.StoreFixture.Outcome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Processes that use one store's memory one after the other, each killed before some store, many of
 * them while they rebuild; what each finds is held against what callers were answered before.
 *
 * <p>Of a key any of several states may be found: the one answered last, or that of the operation
 * under way when the process was killed; and, where items are evicted, none at all.
 */
final class KilledRun {
    private static final int KEYS = 40;
    private static final int TAGS = 3;
    private static final int TOMBSTONE_MILLIS = 10_000;

    /** What stands for an absent key. */
    private static final String ABSENT = "";

    private static final class KeyState {
        final Set<String> possible = new HashSet<>(Set.of(ABSENT));

        long expiryMillis = Mutation.NEVER;

        /** Whether an operation has failed halfway: then neither of these is known. */
        boolean isVague;
    }

    private final Map<Integer, KeyState> keys = new HashMap<>();
    private final StoreConfig config;
    private final ShardAssembly assembly;
    private final Random random;
    private final Path directory;
    private final boolean evicts;
    private final boolean reclaims;
    private final boolean audits;
    private StoreFixture store;
    private KillableMemory.Process process;
    private long now = 1_000_000;
    private int space = 1;
    private int values;
    private boolean isFresh = true;

    /**
     * @param directory where the memory is
     * @param evicts whether items go to make room
     * @param reclaims whether items are moved
     * @param audits whether the store's inside is looked at, too
     */
    KilledRun(
            Path directory,
            StoreConfig config,
            ShardAssembly assembly,
            boolean evicts,
            boolean reclaims,
            boolean audits,
            long seed) {
        this.directory = directory;
        this.config = config;
        this.assembly = assembly;
        this.evicts = evicts;
        this.reclaims = reclaims;
        this.audits = audits;
        this.random = new Random(seed);
        for (int key = 0; key < KEYS; key++) {
            keys.put(key, new KeyState());
        }
        process = new KillableMemory.Process(Long.MAX_VALUE);
        store = open();
        isFresh = false;
    }

    private StoreFixture open() {
        StoreMemory memory =
                StoreMemory.lasting(
                        config,
                        KillableMemory.in(directory, process),
                        HeapMemory::allocate,
                        isFresh);
        StoreFixture opened = new StoreFixture(config, memory, StoreFixture.NO_HITS, assembly);
        opened.now = now;
        opened.space = space;
        opened.liveness = (itemSpace, version) -> itemSpace == space;
        opened.reclaimer =
                new SpaceReclaimer() {
                    @Override
                    public void request(int shard) {}

                    @Override
                    public boolean help(int shard) {
                        return evicts
                                && opened.reclaim(
                                        random.nextInt(config.shards()),
                                        StoreFixture.NONE_SURVIVES);
                    }
                };
        return opened;
    }

    /** Runs so many processes to their ends. */
    void run(int processes) {
        for (int i = 0; i < processes; i++) {
            process.liveFor(random.nextInt(400));
            try {
                while (true) {
                    operate();
                }
            } catch (Killed e) {
                // the next process goes on from here
            }
            restart();
            verify();
        }
    }

    private void restart() {
        while (true) {
            process =
                    new KillableMemory.Process(
                            random.nextInt(3) == 0 ? random.nextInt(300) : Long.MAX_VALUE);
            now += random.nextInt(50);
            try {
                store = open();
                store.store.rebuild(Runnable::run, 0, store.liveness, new RebuildProgress());
                process.liveFor(Long.MAX_VALUE);
                return;
            } catch (Killed e) {
                // while rebuilding, which the next one does again
            } catch (IllegalStateException e) {
                assertThat(e).hasCauseInstanceOf(Killed.class);
            }
        }
    }

    private void verify() {
        if (audits) {
            StoreAudit.check(store);
        }
        keys.forEach(
                (number, key) -> {
                    Outcome found = store.get(number);
                    String value = found.isHit() ? nameOf(found.value()) : ABSENT;
                    boolean mayBeGone = evicts || key.isVague || key.expiryMillis <= now;
                    assertThat(value)
                            .as("key %d, of %s", number, key.possible)
                            .matches(
                                    any ->
                                            key.possible.contains(any)
                                                    || (mayBeGone && any.equals(ABSENT)));
                    if (!value.equals(ABSENT) && !key.isVague) {
                        assertThat(found.expiryMillis()).isEqualTo(key.expiryMillis);
                    }
                    key.possible.clear();
                    key.possible.add(value);
                    key.expiryMillis = found.isHit() ? found.expiryMillis() : Mutation.NEVER;
                    key.isVague = false;
                });
    }

    /** The first characters name a value; the others make it long. */
    private static String nameOf(@Nullable String value) {
        assertThat(value).isNotNull();
        String name = value.substring(0, value.indexOf(' '));
        assertThat(value).isEqualTo(valueOf(name, value.length()));
        return name;
    }

    private static String valueOf(String name, int length) {
        StringBuilder value = new StringBuilder(name).append(' ');
        while (value.length() < length) {
            value.append((char) ('a' + value.length() * 7 % 26));
        }
        return value.toString();
    }

    private void operate() {
        now += random.nextInt(50) == 0 ? TOMBSTONE_MILLIS : random.nextInt(3);
        store.now = now;
        int number = random.nextInt(KEYS);
        KeyState key = keys.get(number);
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> delete(number, key);
            case 3, 4 -> touch(number, key);
            case 5 -> putIfVersion(number, key);
            case 6 -> {
                invalidate(key);
                if (random.nextBoolean()) {
                    store.sweep();
                }
            }
            case 7 -> clear();
            case 8, 9, 10 -> {
                if (reclaims) {
                    reclaim();
                }
            }
            case 11 -> store.sweep();
            case 12 -> put(number, key, 3 * config.segmentBytes() + random.nextInt(100));
            case 13 -> put(number, key, config.segmentBytes() / 3);
            default -> put(number, key, 8 + random.nextInt(40));
        }
    }

    private void put(int number, KeyState key, int length) {
        String name = "v" + values++;
        long expiryMillis = random.nextInt(4) == 0 ? now + random.nextInt(200) : Mutation.NEVER;
        String before = known(key);
        key.possible.add(name);
        key.isVague = true;
        Mutation mutation = store.mutationOf(number, valueOf(name, length));
        mutation.expiryMillis = expiryMillis;
        mutation.clientFlags = random.nextInt(2) * number;
        mutation.addTag(store.tag(tagOf(name)));
        WriteStatus status = store.store.put(mutation, now);
        settle(key, status == WriteStatus.DONE ? name : before);
        if (status == WriteStatus.DONE) {
            key.expiryMillis = expiryMillis;
        }
    }

    /** A put that is to be refused: whatever happens, its value is never the key's. */
    private void putIfVersion(int number, KeyState key) {
        Mutation mutation =
                store.mutationOf(number, valueOf("refused", 20 + random.nextInt(2) * 150));
        mutation.ifVersion = true;
        mutation.expectedVersion = 1;
        WriteStatus status = store.store.put(mutation, now);
        assertThat(status).isNotEqualTo(WriteStatus.DONE);
        assertThat(key.possible).doesNotContain("refused");
    }

    private void delete(int number, KeyState key) {
        key.possible.add(ABSENT);
        key.isVague = true;
        store.delete(number);
        settle(key, ABSENT);
    }

    private void touch(int number, KeyState key) {
        long expiryMillis = now + 1 + random.nextInt(300);
        String before = known(key);
        key.isVague = true;
        WriteStatus status = store.touch(number, expiryMillis);
        settle(key, before);
        if (status == WriteStatus.DONE) {
            key.expiryMillis = expiryMillis;
        }
    }

    private void invalidate(KeyState some) {
        String value = known(some);
        if (value.equals(ABSENT)) {
            return;
        }
        String tag = tagOf(value);
        List<KeyState> tagged =
                keys.values().stream()
                        .filter(key -> !known(key).equals(ABSENT))
                        .filter(key -> tagOf(known(key)).equals(tag))
                        .toList();
        tagged.forEach(key -> key.possible.add(ABSENT));
        store.invalidateTag(tag);
        tagged.forEach(key -> settle(key, ABSENT));
    }

    private static String tagOf(String valueName) {
        return "t" + Integer.parseInt(valueName.substring(1)) % TAGS;
    }

    /** As a region's clear: the new space counts from when it is written down. */
    private void clear() {
        if (random.nextInt(4) == 0) {
            space++;
            store.space = space;
            keys.values().forEach(key -> settle(key, ABSENT));
        }
    }

    private void reclaim() {
        int shard = random.nextInt(config.shards());
        for (int batches = random.nextInt(20); batches > 0; batches--) {
            Survival survival =
                    evicts && random.nextBoolean()
                            ? StoreFixture.NONE_SURVIVES
                            : StoreFixture.ALL_SURVIVE;
            if (audits) {
                store.reclaimBatch(shard, survival);
            } else {
                store.policies.get(shard).survival = survival;
                store.store.reclaim(shard, store.liveness);
            }
        }
    }

    private static String known(KeyState key) {
        return key.possible.size() == 1 ? key.possible.iterator().next() : ABSENT;
    }

    private static void settle(KeyState key, String state) {
        key.possible.clear();
        key.possible.add(state);
        key.isVague = false;
    }
}
