package io.larder.server.tier.chronicle;

import io.larder.protocol.file.RegionRecord;
import io.larder.protocol.file.RegionState;
import io.larder.protocol.file.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.hash.locks.InterProcessLock;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.map.MapSegmentContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A region's two files: the map with its records, and the state that says which of them count. Each
 * operation on one key is atomic; more than that is the caller's to arrange. For any thread.
 */
final class ChronicleFile implements AutoCloseable {
    /*
     * Opening. The state file is locked for as long as this process has it: of two servers the
     * second is refused. `isOpen` in the state is set before the map is touched and cleared after it
     * was closed; found set, the last server was killed, and the map is recovered: locks that it
     * held are freed, and entries that it was writing, whose checksum is wrong, are dropped. What it
     * had acknowledged was written before, and lies in the kernel's pages whatever became of the
     * process.
     *
     * Locks lie in the map itself, shared with processes that read it. One that is killed inside a
     * read leaves its segment locked; so every lock is waited for LOCK_MILLIS_MAX at most, and then
     * the operation is refused, not the server stopped.
     */
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleFile.class);
    private static final long LOCK_MILLIS_MAX = 500;

    /** How far the map may grow beyond what was reserved for its entries, where these are long. */
    private static final double BLOAT_MAX = 2;

    /** How an operation that needs a lock of the map, or room in it, ended. */
    enum Outcome {
        INSERTED,
        REPLACED,
        /** The map has no room for another record of this length. */
        FULL,
        /** No record of this length can ever be stored. */
        TOO_LARGE,
        /** Another process has the lock. */
        LOCKED
    }

    private final ChronicleSettings settings;
    private final StateFile stateFile;
    private final ChronicleMap<byte[], byte[]> map;
    private final AtomicLong records;
    private final int valueBytesMax;
    private volatile RegionState state; // written under this, after the file

    private ChronicleFile(
            ChronicleSettings settings,
            StateFile stateFile,
            ChronicleMap<byte[], byte[]> map,
            RegionState state) {
        this.settings = settings;
        this.stateFile = stateFile;
        this.map = map;
        this.state = state;
        this.records = new AtomicLong(map.longSize());
        this.valueBytesMax = valueBytesMax((VanillaChronicleHash<?, ?, ?, ?>) map);
    }

    /**
     * Opens or makes the files of a region.
     *
     * @throws IOException naming the file: it cannot be written, another server has it, it was made
     *     for another number of entries, or there is no room for it
     */
    static ChronicleFile open(ChronicleSettings settings) throws IOException {
        Path file = settings.file().toAbsolutePath();
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        StateFile stateFile = StateFile.openToWrite(StateFile.beside(file));
        try {
            RegionState before = stateOf(settings, stateFile, file);
            RegionState started = before.started();
            stateFile.write(started);
            ChronicleMap<byte[], byte[]> map = openMap(settings, file, before.isOpen());
            return new ChronicleFile(settings, stateFile, map, started);
        } catch (IOException | RuntimeException | Error e) {
            stateFile.close();
            throw e;
        }
    }

    private static RegionState stateOf(ChronicleSettings settings, StateFile stateFile, Path file)
            throws IOException {
        RegionState state = stateFile.read();
        boolean hasMap = Files.exists(file) && Files.size(file) > 0;
        if (state == null) {
            if (hasMap || stateFile.sequence() != 0) {
                throw new IOException(
                        file
                                + ": its state beside it is missing or broken (expected: both; move"
                                + " both away to begin with an empty region)");
            }
            return RegionState.ofNew(settings.entries());
        }
        if (state.entries() != settings.entries()) {
            throw new IOException(
                    file
                            + ": made for "
                            + state.entries()
                            + " entries, but region."
                            + settings.region()
                            + ".entries is "
                            + settings.entries()
                            + " (expected: the same)");
        }
        return state;
    }

    private static ChronicleMap<byte[], byte[]> openMap(
            ChronicleSettings settings, Path file, boolean wasKilled) throws IOException {
        int recordBytes = RegionRecord.bytes(0, settings.valueBytes());
        ChronicleMapBuilder<byte[], byte[]> builder =
                ChronicleMap.of(byte[].class, byte[].class)
                        .name(settings.region())
                        .entries(settings.entries())
                        .averageKeySize(settings.keyBytes())
                        .averageValueSize(recordBytes)
                        .maxBloatFactor(BLOAT_MAX)
                        .skipCloseOnExitHook(true)
                        .checksumEntries(true);
        boolean isThere = Files.exists(file) && Files.size(file) > 0;
        if (!isThere) {
            requireRoom(settings, file, recordBytes);
        }
        if (!isThere || !wasKilled) {
            return builder.createPersistedTo(file.toFile());
        }
        LOG.warn("{}: the last server did not end cleanly; recovering", file);
        AtomicLong corruptions = new AtomicLong();
        ChronicleMap<byte[], byte[]> map =
                builder.recoverPersistedTo(
                        file.toFile(), false, corruption -> corruptions.incrementAndGet());
        LOG.info(
                "{}: recovered {} records, {} corruptions mended",
                file,
                map.longSize(),
                corruptions);
        return map;
    }

    /**
     * A map is a sparse file: without this a full disk would be a fault in the middle of a write.
     */
    private static void requireRoom(ChronicleSettings settings, Path file, int recordBytes)
            throws IOException {
        long needed = settings.entries() * (settings.keyBytes() + (long) recordBytes);
        Path directory = file.getParent();
        long usable =
                Files.getFileStore(directory == null ? Path.of(".") : directory).getUsableSpace();
        if (usable < needed) {
            throw new IOException(
                    file
                            + ": "
                            + usable
                            + " bytes free (expected: at least "
                            + needed
                            + " for region."
                            + settings.region()
                            + ".entries = "
                            + settings.entries()
                            + ")");
        }
    }

    // ---- one key

    /**
     * Reads the record under {@code key} into a workspace; false if there is none, or its lock is
     * not to be had.
     */
    boolean read(byte[] key, Workspace into) {
        try (ExternalMapQueryContext<byte[], byte[], ?> query = map.queryContext(key)) {
            if (!lock(query.readLock())) {
                return false;
            }
            MapEntry<byte[], byte[]> entry = query.entry();
            return entry != null && copy(entry, into);
        }
    }

    static boolean copy(MapEntry<byte[], byte[]> entry, Workspace into) {
        Data<byte[]> value = entry.value();
        int length = Math.toIntExact(value.size());
        byte[] target = into.recordOf(length);
        value.bytes().read(value.offset(), target, 0, length);
        return into.record.wrap(target, length);
    }

    /** A copy of an entry's key: the map hands out one array for all of them. */
    static byte[] keyOf(MapEntry<byte[], byte[]> entry) {
        return entry.key().get().clone();
    }

    /** Stores a record. */
    Outcome put(byte[] key, byte[] record) {
        try (ExternalMapQueryContext<byte[], byte[], ?> query = map.queryContext(key)) {
            if (!lock(query.updateLock())) {
                return Outcome.LOCKED;
            }
            MapEntry<byte[], byte[]> entry = query.entry();
            if (entry != null) {
                query.replaceValue(entry, query.wrapValueAsData(record));
                return Outcome.REPLACED;
            }
            return insert(query, record);
        } catch (IllegalArgumentException tooLong) {
            return Outcome.TOO_LARGE;
        } catch (IllegalStateException noRoom) {
            return Outcome.FULL;
        }
    }

    private Outcome insert(ExternalMapQueryContext<byte[], byte[], ?> query, byte[] record) {
        boolean isInserted = false;
        try {
            if (records.incrementAndGet() <= settings.entries()) {
                query.insert(query.absentEntry(), query.wrapValueAsData(record));
                isInserted = true;
            }
        } finally {
            if (!isInserted) {
                records.decrementAndGet();
            }
        }
        return isInserted ? Outcome.INSERTED : Outcome.FULL;
    }

    /** Removes the record under {@code key}; false if the lock was not to be had. */
    boolean remove(byte[] key) {
        try (ExternalMapQueryContext<byte[], byte[], ?> query = map.queryContext(key)) {
            if (!lock(query.updateLock())) {
                return false;
            }
            MapEntry<byte[], byte[]> entry = query.entry();
            if (entry != null) {
                query.remove(entry);
                records.decrementAndGet();
            }
            return true;
        }
    }

    /** The segment a key's record is in, or would be. */
    int segmentOf(byte[] key) {
        try (ExternalMapQueryContext<byte[], byte[], ?> query = map.queryContext(key)) {
            return query.segmentIndex();
        }
    }

    private static boolean lock(InterProcessLock lock) {
        if (lock.tryLock()) {
            return true;
        }
        try {
            return lock.tryLock(LOCK_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- all of them

    /** How many segments the map has. */
    int segments() {
        return map.segments();
    }

    /** Takes the entries of a segment one by one, under its lock. */
    interface EntryVisitor {
        /** Returns whether the entry is to be removed. */
        boolean visit(MapEntry<byte[], byte[]> entry);
    }

    /** Shows all entries of a segment. Locking: the segment's, also for the visitor. */
    void visit(int segment, EntryVisitor visitor) {
        try (MapSegmentContext<byte[], byte[], ?> context = map.segmentContext(segment)) {
            context.forEachSegmentEntry(
                    entry -> {
                        if (visitor.visit(entry)) {
                            entry.doRemove();
                            records.decrementAndGet();
                        }
                    });
        }
    }

    /** Records in the map, dead ones included. */
    long records() {
        return records.get();
    }

    /** An entry lies in one piece in a part of a segment: half of an empty one may be taken. */
    private static int valueBytesMax(VanillaChronicleHash<?, ?, ?, ?> map) {
        long partBytes = map.actualChunksPerSegmentTier * map.chunkSize;
        return (int) Math.min(ChronicleStore.VALUE_BYTES_MAX, partBytes / 2);
    }

    /** The longest value that fits. */
    int valueBytesMax() {
        return valueBytesMax;
    }

    /** Bytes the map takes. */
    long bytes() {
        return map.offHeapMemoryUsed();
    }

    ChronicleSettings settings() {
        return settings;
    }

    // ---- the state

    /** What counts at present. */
    RegionState state() {
        return state;
    }

    /** Makes another state count: in the file first, so that no kill takes it back. */
    @SuppressWarnings("ReferenceEquality") // a change that changes nothing returns its argument
    synchronized void change(UnaryOperator<RegionState> change) {
        RegionState changed = change.apply(state);
        if (changed != state) {
            stateFile.write(changed);
            state = changed;
        }
    }

    /** Closes both files. Locking: waits for the disk. */
    @Override
    public void close() throws IOException {
        try {
            map.close();
            stateFile.writeThrough(state.ended());
        } finally {
            stateFile.close();
        }
    }
}
