package io.larder.client.file;

import io.larder.protocol.file.RegionRecord;
import io.larder.protocol.file.RegionState;
import io.larder.protocol.file.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.locks.InterProcessLock;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.map.MapSegmentContext;
import org.jspecify.annotations.Nullable;

/**
 * The items of a region with {@code engine = chronicle}, read from its file while a server has it,
 * or after: no network, no copy but the value. Read only: there is no way to write here.
 *
 * <p>For any thread, until it is closed, by whoever opened it. Keys have 1 to 4,095 bytes. What is
 * returned is the caller's. Nothing is null unless marked.
 *
 * <p>The process needs the JVM options that {@code client/file/README.md} lists.
 */
/*
 * A read takes the read lock of the key's segment, which lies in the file and is shared with the
 * server: it sees a whole record, as one write left it. Whether the record still counts is judged
 * as the server does: by its expiry, by this host's wall clock, and by the region's state, which is
 * read before the record whenever its sequence has changed. A clear or an invalidation is in the
 * state before it is acknowledged; so a read that begins after that sees it.
 *
 * A record is read under the state that was there before it. Should the region be cleared and the
 * key be written anew in between, the record is of an epoch that the state read does not know:
 * then the state has moved, and the read begins anew.
 */
public final class LarderFile implements AutoCloseable {
    private static final int KEY_BYTES_MAX = 4095;
    private static final long LOCK_MILLIS_MAX = 1_000;

    private final StateFile stateFile;
    private final ChronicleMap<byte[], byte[]> map;
    private final LongSupplier clock;
    private volatile Seen seen;

    /** A state and the sequence it was read at. */
    private record Seen(long sequence, RegionState state) {}

    private LarderFile(
            StateFile stateFile, ChronicleMap<byte[], byte[]> map, Seen seen, LongSupplier clock) {
        this.stateFile = stateFile;
        this.map = map;
        this.clock = clock;
        this.seen = seen;
    }

    /**
     * Opens a region's file.
     *
     * @param path what {@code region.<name>.file} says
     * @throws IOException naming the file, if it or its state is not there or is none
     */
    public static LarderFile open(Path path) throws IOException {
        return open(path, () -> System.currentTimeMillis() - RegionRecord.EPOCH_UNIX_MILLIS);
    }

    /**
     * @param clock milliseconds since 2026-01-01T00:00Z
     */
    static LarderFile open(Path path, LongSupplier clock) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": not there (expected: a region's file)");
        }
        StateFile stateFile = StateFile.openToRead(StateFile.beside(path));
        try {
            long sequence = stateFile.sequence();
            RegionState state = stateFile.read();
            if (state == null) {
                throw new IOException(
                        stateFile.path() + ": broken or empty (expected: a region's state)");
            }
            ChronicleMap<byte[], byte[]> map =
                    ChronicleMap.of(byte[].class, byte[].class)
                            .entries(state.entries())
                            .averageKeySize(1)
                            .averageValueSize(1)
                            .skipCloseOnExitHook(true)
                            .createPersistedTo(path.toFile());
            return new LarderFile(stateFile, map, new Seen(sequence, state), clock);
        } catch (IOException | RuntimeException | Error e) {
            stateFile.close();
            throw e;
        }
    }

    /**
     * The value of a key; empty if it is absent, expired, or known not to exist at the origin.
     *
     * @throws IllegalArgumentException naming the bounds of a key
     * @throws IOException if another process keeps the lock for a second: it hangs, or was killed
     */
    public Optional<byte[]> get(byte[] key) throws IOException {
        requireKey(key);
        while (true) {
            Seen before = seen();
            byte @Nullable [] record = read(key);
            if (record == null) {
                return Optional.empty();
            }
            RegionRecord shown = new RegionRecord();
            boolean isWhole = shown.wrap(record, record.length);
            if (isWhole && shown.epoch() != before.state.epoch() && hasMoved(before)) {
                continue;
            }
            return isWhole && isLive(shown, key, before.state)
                    ? Optional.of(valueOf(shown, record))
                    : Optional.empty();
        }
    }

    /** Whether {@link #get} would find a value. */
    public boolean contains(byte[] key) throws IOException {
        return get(key).isPresent();
    }

    /** How many records the file has: items, and what is dead and waits for the server's sweep. */
    public long recordCount() {
        return map.longSize();
    }

    /**
     * How many items there are. Goes through all of the file.
     *
     * @throws IOException as {@link #get}
     */
    public long size() throws IOException {
        long[] count = new long[1];
        forEach(
                (key, value) -> {
                    count[0]++;
                    return true;
                });
        return count[0];
    }

    /**
     * Shows every item, in no order, until the visitor returns false: those that are there from
     * begin to end once, others perhaps. A part of the file is locked against the server's writes
     * while the visitor sees its items, so it must be quick, and not read this file.
     *
     * @param visitor gets key and value, each its own
     */
    public void forEach(BiPredicate<byte[], byte[]> visitor) throws IOException {
        boolean goesOn = true;
        for (int segment = 0; segment < map.segments() && goesOn; segment++) {
            RegionState state = seen().state;
            try (MapSegmentContext<byte[], byte[], ?> context = map.segmentContext(segment)) {
                goesOn = context.forEachSegmentEntryWhile(entry -> show(entry, state, visitor));
            }
        }
    }

    private boolean show(
            MapEntry<byte[], byte[]> entry,
            RegionState state,
            BiPredicate<byte[], byte[]> visitor) {
        byte[] record = copyOf(entry);
        byte[] key = entry.key().get().clone();
        RegionRecord shown = new RegionRecord();
        return !shown.wrap(record, record.length)
                || !isLive(shown, key, state)
                || visitor.test(key, valueOf(shown, record));
    }

    private boolean isLive(RegionRecord record, byte[] key, RegionState state) {
        return !record.negative()
                && !record.isExpired(clock.getAsLong())
                && state.isCurrent(record, key);
    }

    private static byte[] valueOf(RegionRecord shown, byte[] record) {
        byte[] value = new byte[shown.valueLength()];
        System.arraycopy(record, shown.valueOffset(), value, 0, value.length);
        return value;
    }

    private Seen seen() throws IOException {
        Seen before = seen;
        if (!hasMoved(before)) {
            return before;
        }
        long sequence = stateFile.sequence();
        RegionState state = stateFile.read();
        if (state == null) {
            throw new IOException(stateFile.path() + ": broken (expected: a region's state)");
        }
        Seen now = new Seen(sequence, state);
        seen = now;
        return now;
    }

    private boolean hasMoved(Seen before) {
        return stateFile.sequence() != before.sequence;
    }

    private byte @Nullable [] read(byte[] key) throws IOException {
        try (ExternalMapQueryContext<byte[], byte[], ?> query = map.queryContext(key)) {
            lock(query.readLock());
            MapEntry<byte[], byte[]> entry = query.entry();
            return entry == null ? null : copyOf(entry);
        }
    }

    private static byte[] copyOf(MapEntry<byte[], byte[]> entry) {
        Data<byte[]> value = entry.value();
        byte[] record = new byte[Math.toIntExact(value.size())];
        value.bytes().read(value.offset(), record, 0, record.length);
        return record;
    }

    private static void lock(InterProcessLock lock) throws IOException {
        try {
            if (!lock.tryLock() && !lock.tryLock(LOCK_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "lock: kept for " + LOCK_MILLIS_MAX + " ms (expected: less)",
                        new TimeoutException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a lock", e);
        }
    }

    private static void requireKey(byte[] key) {
        if (key.length < 1 || key.length > KEY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "keyLength: " + key.length + " (expected: 1.." + KEY_BYTES_MAX + ")");
        }
    }

    /** Ends the reading; the file stays. */
    @Override
    public void close() throws IOException {
        map.close();
        stateFile.close();
    }
}
