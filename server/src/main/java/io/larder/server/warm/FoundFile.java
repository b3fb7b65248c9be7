package io.larder.server.warm;

import io.larder.server.memory.FileMapping;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.StoreMemory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that an earlier process left, and the verdict on it; see {@link WarmStart}. For one
 * thread.
 *
 * @param file what lies there
 * @param manifest what the process said that stopped last, if it said so of this very state
 * @param moment when it was known to be alive, or stopped
 */
record FoundFile(StoreFile file, @Nullable Manifest manifest, Moment moment) {
    private static final Logger LOG = LoggerFactory.getLogger(FoundFile.class);
    private static final String ASIDE = ".aside";

    /**
     * What a start has come to, and why.
     *
     * @param resumedStop the {@link Manifest#stopId} of the clean stop it goes on from; 0 if from
     *     none
     */
    record Start(StoreFile file, String cause, long resumedStop) {}

    /**
     * Opens the file that is there, or a new one.
     *
     * @throws IOException if there is no room for it, or the system refuses
     */
    static Start open(WarmSettings settings, StoreConfig wanted, Boot boot) throws IOException {
        Path path = settings.file().toAbsolutePath();
        String cause;
        try {
            FoundFile found = find(path, wanted);
            if (found != null) {
                String verdict = found.use(settings, boot);
                Manifest stop = found.file.isWarm() ? found.manifest : null;
                return new Start(found.file, verdict, stop == null ? 0 : stop.stopId());
            }
            cause = Files.exists(path) ? "the file was not finished" : "there was no file";
        } catch (DamagedFileException e) {
            Path aside = FileOwner.beside(path, ASIDE);
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            cause = e.getMessage() + "; the file is kept as " + aside;
            LOG.warn("{}: {}", path, cause);
        }
        Manifest.remove(path);
        return new Start(StoreFile.create(path, wanted), cause, 0);
    }

    /** Null if there is no file, or one that was not finished. */
    private static @Nullable FoundFile find(Path path, StoreConfig wanted)
            throws IOException, DamagedFileException {
        if (!Files.exists(path)) {
            return null;
        }
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileHeader header = FileHeader.read(channel);
            if (header == null) {
                return null;
            }
            header.requireShape(wanted);
            StoreConfig config = wanted.withHashSeed(header.hashSeed0(), header.hashSeed1());
            FileShape shape = new FileShape(config);
            if (channel.size() != shape.bytes) {
                throw new DamagedFileException(
                        "it has " + channel.size() + " bytes (expected: " + shape.bytes + ")");
            }
            boolean isMapped = StoreFile.isOnMemoryFileSystem(path);
            OffHeapMemory memory = isMapped ? FileMapping.map(channel, shape.bytes) : read(channel);
            StoreFile file = new StoreFile(path, config, header, memory, isMapped);
            return examine(file, shape, manifest(path, header, file));
        }
    }

    private static OffHeapMemory read(FileChannel channel) throws IOException {
        OffHeapMemory memory = OffHeapMemory.allocate(channel.size());
        memory.load(channel);
        return memory;
    }

    /** The manifest, if it is whole and about this state of the file. */
    private static @Nullable Manifest manifest(Path path, FileHeader header, StoreFile file)
            throws IOException {
        try {
            Manifest manifest = Manifest.read(path);
            if (manifest == null
                    || (manifest.fileName() == header.name() && manifest.start() == file.start())) {
                return manifest;
            }
            LOG.warn("{}: its manifest is about another state of it", path);
        } catch (DamagedFileException e) {
            LOG.warn("{}: {}", path, e.getMessage());
        }
        return null;
    }

    private static FoundFile examine(StoreFile file, FileShape shape, @Nullable Manifest manifest)
            throws DamagedFileException {
        Moment moment = new WarmClock(shape.clock(file.memory())).read();
        if (moment == null) {
            throw new DamagedFileException("the time in it is damaged");
        }
        if (!new RegionWords(shape.regions(file.memory())).isSound()) {
            throw new DamagedFileException("its regions are damaged");
        }
        StoreMemory store =
                StoreMemory.lasting(
                        file.config(), shape.parts(file.memory()), OffHeapMemory::allocate, false);
        if (!store.isSound()) {
            throw new DamagedFileException("its versions or floors are damaged");
        }
        return new FoundFile(file, manifest, manifest == null ? moment : manifest.stopped());
    }

    /** Begins with what is there, or without; says why. */
    private String use(WarmSettings settings, Boot boot) throws IOException {
        boolean isSameBoot = boot.isSame(moment.boot());
        long awayMillis = moment.elapsedMillis(boot);
        if (manifest == null && !(isSameBoot && file.isMapped())) {
            file.clear();
            return "the system was started anew, and no clean stop came before";
        }
        if (settings.downtimeMillisMax() > 0 && awayMillis > settings.downtimeMillisMax()) {
            file.clear();
            return "the server was away for "
                    + awayMillis
                    + " ms (store.max-downtime: "
                    + settings.downtimeMillisMax()
                    + ")";
        }
        file.resume(moment);
        return (manifest == null ? "after the server was killed, " : "after a clean stop ")
                + awayMillis
                + " ms ago";
    }
}
