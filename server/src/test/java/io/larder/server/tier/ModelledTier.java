package io.larder.server.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Slice;
import io.larder.server.store.ItemView;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.OverflowedItem;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.store.ValueSink;
import io.larder.server.store.WriteStatus;
import io.larder.server.tier.OverflowTier.Fetched;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random operations on a store with a tier and on a plain map, whose outcomes must be the same,
 * misses included: nothing here is ever lost. Reads are begun, and ended some operations later.
 */
final class ModelledTier {
    private static final int KEYS = 24;
    private static final int TAGS = 3;

    private record Entry(String value, long expiryMillis, int tag) {}

    /** A read that waits: of which key, and what has come for it. */
    private static final class Reader {
        final String name;
        Fetched fetched;
        boolean isTold;

        Reader(String name) {
            this.name = name;
        }
    }

    private final SteppedTier stepped;
    private final Random random;
    private final Map<String, Entry> model = new HashMap<>();
    private final List<Reader> readers = new ArrayList<>();
    private String where = "";
    long hitsFromDisk;
    long overflowed;

    ModelledTier(SteppedTier stepped, long seed) {
        this.stepped = stepped;
        this.random = new Random(seed);
    }

    void run(long seed, int operations) {
        for (int i = 0; i < operations; i++) {
            where = "seed " + seed + ", operation " + i;
            step();
        }
        while (!readers.isEmpty()) {
            goOn(readers.remove(0));
        }
    }

    private void step() {
        String name = "key" + random.nextInt(KEYS);
        switch (random.nextInt(20)) {
            case 0, 1 -> put(name, Mutation.Presence.ANY);
            case 2 -> put(name, Mutation.Presence.ABSENT);
            case 3 -> put(name, Mutation.Presence.PRESENT);
            case 4 -> delete(name);
            case 5 -> increment(name);
            case 6 -> append(name);
            case 7 -> touch(name);
            case 8 -> invalidate();
            case 9 -> sweep();
            case 10, 11, 12, 13 -> begin(new Reader(name));
            case 14, 15 -> endReader();
            case 16 -> stepped.evict(random.nextInt(SteppedTier.SHARDS));
            case 17 -> stepped.evictAll();
            case 18 -> stepped.stepWriter();
            default -> stepped.advance(random.nextInt(20));
        }
        if (random.nextInt(3) == 0 && !stepped.reads.isEmpty()) {
            stepped.reads.poll().run();
        }
    }

    // ---- what the model says

    private Entry present(String name) {
        Entry entry = model.get(name);
        return entry != null && entry.expiryMillis > stepped.nowMillis ? entry : null;
    }

    private static long tag(SteppedTier stepped, int tag) {
        byte[] name = ("tag" + tag).getBytes(StandardCharsets.ISO_8859_1);
        return stepped.store.hasher().tag(SteppedTier.SPACE, Slice.of(name));
    }

    private long someExpiry() {
        return random.nextInt(3) == 0 ? Mutation.NEVER : stepped.nowMillis + random.nextInt(200);
    }

    private String someValue() {
        return random.nextInt(3) == 0
                ? Integer.toString(random.nextInt(1000))
                : "v" + random.nextInt(1000) + "-".repeat(random.nextInt(300));
    }

    // ---- writes

    private Mutation mutation(String name) {
        Mutation mutation = new Mutation();
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        mutation.key.wrap(stepped.store.hasher(), SteppedTier.SPACE, bytes);
        return mutation;
    }

    /** As commands do it: what is OVERFLOWED is fetched, then tried again. */
    private WriteStatus carryOut(Mutation mutation, Supplier<WriteStatus> write) {
        WriteStatus status = write.get();
        for (int tries = 0; status == WriteStatus.OVERFLOWED && tries < 4; tries++) {
            overflowed++;
            Fetched fetched = stepped.fetch(mutation.key, true);
            OverflowedItem item = fetched == null ? null : fetched.item();
            if (fetched != null && (item == null || !item.isOf(mutation.key))) {
                mutation.key.passOver(fetched.stamp());
            }
            status = write.get();
        }
        return status;
    }

    private void expect(WriteStatus actual, WriteStatus expected) {
        assertThat(actual).describedAs(where).isEqualTo(expected);
    }

    private void put(String name, Mutation.Presence presence) {
        Entry before = present(name);
        Entry after = new Entry(someValue(), someExpiry(), random.nextInt(TAGS + 1));
        WriteStatus expected =
                presence == Mutation.Presence.ABSENT && before != null
                        ? WriteStatus.EXISTS
                        : presence == Mutation.Presence.PRESENT && before == null
                                ? WriteStatus.MISSING
                                : WriteStatus.DONE;
        Mutation mutation = mutation(name);
        byte[] value = after.value.getBytes(StandardCharsets.ISO_8859_1);
        mutation.value.wrap(value, 0, value.length);
        mutation.presence = presence;
        mutation.expiryMillis = after.expiryMillis;
        if (after.tag < TAGS) {
            mutation.addTag(tag(stepped, after.tag));
        }
        expect(carryOut(mutation, () -> stepped.store.put(mutation, stepped.nowMillis)), expected);
        if (expected == WriteStatus.DONE) {
            model.put(name, after);
        }
    }

    private void delete(String name) {
        WriteStatus expected = present(name) == null ? WriteStatus.MISSING : WriteStatus.DONE;
        Mutation mutation = mutation(name);
        expect(
                carryOut(mutation, () -> stepped.store.delete(mutation, stepped.nowMillis)),
                expected);
        model.remove(name);
    }

    private void increment(String name) {
        Entry before = present(name);
        boolean isNumber = before == null || before.value.matches("[0-9]{1,9}");
        Mutation mutation = mutation(name);
        mutation.delta = 7;
        mutation.createIfAbsent = true;
        mutation.keepExpiry = true;
        expect(
                carryOut(mutation, () -> stepped.store.increment(mutation, stepped.nowMillis)),
                isNumber ? WriteStatus.DONE : WriteStatus.NOT_A_NUMBER);
        if (isNumber) {
            long sum = before == null ? 7 : Long.parseLong(before.value) + 7;
            assertThat(mutation.number).describedAs(where).isEqualTo(sum);
            model.put(
                    name,
                    new Entry(
                            Long.toString(sum),
                            before == null ? Mutation.NEVER : before.expiryMillis,
                            before == null ? TAGS : before.tag));
        }
    }

    private void append(String name) {
        Entry before = present(name);
        Mutation mutation = mutation(name);
        mutation.value.wrap(new byte[] {'+'}, 0, 1);
        boolean isThere = before != null && before.value.length() < 500;
        if (before != null && !isThere) {
            return;
        }
        expect(
                carryOut(mutation, () -> stepped.store.append(mutation, true, stepped.nowMillis)),
                isThere ? WriteStatus.DONE : WriteStatus.MISSING);
        if (isThere) {
            model.put(name, new Entry(before.value + "+", before.expiryMillis, before.tag));
        }
    }

    private void touch(String name) {
        Entry before = present(name);
        Mutation mutation = mutation(name);
        mutation.expiryMillis = stepped.nowMillis + random.nextInt(300);
        long expiryMillis = mutation.expiryMillis;
        expect(
                carryOut(mutation, () -> stepped.store.touch(mutation, stepped.nowMillis, null)),
                before == null ? WriteStatus.MISSING : WriteStatus.DONE);
        if (before != null) {
            model.put(name, new Entry(before.value, expiryMillis, before.tag));
        }
    }

    /** Of a tag, or of the keys 10 to 19. */
    private void invalidate() {
        int tag = random.nextInt(TAGS + 1);
        if (tag < TAGS) {
            expect(
                    stepped.store.invalidateTag(
                            SteppedTier.SPACE, tag(stepped, tag), stepped.nowMillis),
                    WriteStatus.DONE);
            model.values().removeIf(entry -> entry.tag == tag);
        } else {
            byte[] prefix = "key1".getBytes(StandardCharsets.ISO_8859_1);
            expect(
                    stepped.store.invalidatePrefix(
                            SteppedTier.SPACE, Slice.of(prefix), stepped.nowMillis),
                    WriteStatus.DONE);
            model.keySet().removeIf(name -> name.startsWith("key1"));
        }
    }

    /** A whole round: floors are dropped at its end. */
    private void sweep() {
        for (int shard = 0; shard < SteppedTier.SHARDS; shard++) {
            long bucket = 0;
            while (bucket >= 0) {
                bucket =
                        stepped.store.sweep(shard, bucket, 64, io.larder.server.store.Liveness.ALL);
            }
        }
    }

    // ---- reads

    private void begin(Reader reader) {
        readers.add(reader);
        if (readers.size() > 8) {
            endReader();
        } else if (random.nextBoolean()) {
            goOn(readers.remove(readers.size() - 1));
        }
    }

    private void endReader() {
        if (!readers.isEmpty()) {
            goOn(readers.remove(random.nextInt(readers.size())));
        }
    }

    /** Carries a read out as commands do; it waits again if it has to. */
    private void goOn(Reader reader) {
        for (int tries = 0; tries < 10; tries++) {
            Key key = stepped.key(reader.name);
            Value sink = new Value();
            boolean isHit =
                    stepped.store.get(key, stepped.nowMillis, sink) == ReadStatus.HIT
                            || isHitFromDisk(reader, key, sink);
            long stamp = stepped.tier.stamp(key);
            if (isHit || stamp == ShardOverflow.NONE) {
                check(reader, isHit ? sink.text : null);
                return;
            }
            reader.isTold = false;
            stepped.tier.fetch(
                    key,
                    stamp,
                    random.nextInt(4) == 0,
                    value -> {
                        reader.fetched = value;
                        reader.isTold = true;
                    });
            if (random.nextBoolean() && tries < 3 && readers.size() < 8) {
                readers.add(reader); // what it waits for comes meanwhile, or has to be waited for
                return;
            }
            stepped.readAll();
        }
        throw new AssertionError(where + ": " + reader.name + " is never read");
    }

    private boolean isHitFromDisk(Reader reader, Key key, Value sink) {
        if (reader.fetched == null) {
            return false;
        }
        boolean isHit =
                stepped.tier.read(key, reader.fetched, stepped.nowMillis, sink) == ReadStatus.HIT;
        hitsFromDisk += isHit ? 1 : 0;
        return isHit;
    }

    private void check(Reader reader, String actual) {
        Entry expected = present(reader.name);
        assertThat(actual)
                .describedAs("%s, %s", where, reader.name)
                .isEqualTo(expected == null ? null : expected.value);
    }

    private static final class Value implements ValueSink {
        String text = "";

        @Override
        public void accept(ItemView item) {
            byte[] bytes = new byte[item.valueLength()];
            item.copyTo(bytes, 0);
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
