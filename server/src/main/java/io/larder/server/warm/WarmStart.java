package io.larder.server.warm;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.region.RegionRecord;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.StoreMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store's memory from its file, for one process from start to stop: opens the file or makes it,
 * says what is in it, keeps the time in it, and leaves it fit for the next process.
 *
 * <p>Opened and closed by one thread; {@link #beat} is for the clock's; {@link #reserve} for
 * whoever changes the memory limit, one at a time. Owns the lock on the file.
 */
public final class WarmStart implements AutoCloseable {
    /*
     * open      take the file's lock; look at header, time, manifest; decide (Verdict):
     *             warm   the same shape and seed, nothing damaged, and either a manifest that is
     *                    about this very state, or the same run of the system: then the process was
     *                    killed, or stopped, and all it stored is there
     *             cold   in this file: the system was started anew without a clean stop (sums prove
     *                    that items are whole, not that they are the newest), or it was away for
     *                    too long
     *             cold   in a new file, the old one kept aside: it is damaged, or not of this shape
     *           remove the manifest, durably; only then change anything
     * rebuild   the store does it (ShardRebuild), and may be killed meanwhile: the next start finds
     *           the same run of the system and no manifest, and begins again
     * beat      the time, ten times a second
     * close     the time; for a file on a disk a copy of everything; the manifest
     */
    private static final Logger LOG = LoggerFactory.getLogger(WarmStart.class);

    private final FileOwner owner;
    private final StoreFile file;
    private final StoreConfig config;
    private final Boot boot;
    private final WarmClock clock;
    private final RegionWords regions;
    private final StoreMemory memory;
    private final WarmState state;
    private final long startMillis;
    private final long openNanos;
    private final long resumedStop;
    private volatile boolean closed; // written by the thread that stops it

    private WarmStart(FileOwner owner, FoundFile.Start start, Boot boot, long openNanos) {
        this.owner = owner;
        this.file = start.file();
        this.boot = boot;
        this.openNanos = openNanos;
        this.resumedStop = start.resumedStop();
        this.config = file.config();
        FileShape shape = new FileShape(config);
        this.clock = new WarmClock(shape.clock(file.memory()));
        this.regions = new RegionWords(shape.regions(file.memory()));
        this.memory =
                StoreMemory.lasting(
                        config,
                        shape.parts(file.memory()),
                        OffHeapMemory::allocate,
                        !file.isWarm());
        this.state = new WarmState(file.isWarm(), start.cause());
        this.startMillis = file.resumeMillis(boot);
        clock.write(Moment.now(startMillis, boot));
    }

    /**
     * Opens a store's file, or makes it, in full.
     *
     * <p>Locking: blocks while the file is written.
     *
     * @param wanted the store's configuration; its hash seed counts for a new file
     * @throws WarmException naming the file and the reason: another process uses it, or there is no
     *     room, or the system refuses
     */
    public static WarmStart open(WarmSettings settings, StoreConfig wanted) throws WarmException {
        long openNanos = System.nanoTime();
        Path path = settings.file().toAbsolutePath();
        Path directory = path.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new WarmException(
                    path + ": " + directory + " is no directory (expected: one that exists)", null);
        }
        FileOwner owner = null;
        WarmStart opened = null;
        try {
            owner = FileOwner.of(path);
            Boot boot = Boot.present();
            FoundFile.Start start = FoundFile.open(settings, wanted, boot);
            opened = new WarmStart(owner, start, boot, openNanos);
            LOG.info(
                    "{}: {} start: {}",
                    path,
                    start.file().isWarm() ? "warm" : "cold",
                    start.cause());
            return opened;
        } catch (IOException e) {
            throw new WarmException(path + ": " + e.getMessage(), e);
        } finally {
            if (opened == null && owner != null) {
                closeQuietly(owner);
            }
        }
    }

    private static void closeQuietly(FileOwner owner) {
        try {
            owner.close();
        } catch (IOException e) {
            LOG.warn("the lock of a store's file could not be given back", e);
        }
    }

    /** The configuration wanted, with the hash seed of the file. */
    public StoreConfig config() {
        return config;
    }

    /** What the store is built in. */
    public StoreMemory memory() {
        return memory;
    }

    /** Where the regions are written down. */
    public RegionRecord regions() {
        return regions;
    }

    /** At which time of the store's the process begins, in millis. */
    public long startMillis() {
        return startMillis;
    }

    /** The {@link #nextStop} of the clean stop that this start goes on from; 0 if from none. */
    public long resumedStop() {
        return resumedStop;
    }

    /**
     * By what the next clean stop is known to others who keep something for the store; no other
     * stop has the same, and it is not 0.
     */
    public long nextStop() {
        return file.stopId();
    }

    /** How the start goes. */
    public WarmState state() {
        return state;
    }

    /** Whether there is something to be found again. */
    public boolean hasContent() {
        return file.isWarm();
    }

    /** What was to be found again has been. */
    public void rebuilt() {
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openNanos);
        state.rebuilt(tookMillis);
        LOG.info(
                "{}: {}; {} superseded, {} dropped, {} damaged; ready {} ms after it was opened",
                file.path(),
                state.line(),
                state.progress().losers(),
                state.progress().dropped(),
                state.progress().damaged(),
                tookMillis);
    }

    /** Writes the time down, until it is stopped. */
    public void beat(long nowMillis) {
        if (closed) {
            return;
        }
        clock.write(Moment.now(nowMillis, boot));
    }

    /**
     * Writes the part of the file that a memory limit of {@code limitBytes} may come to use, as far
     * as it was not before.
     *
     * @throws IOException if there is no room for it; nothing has changed then
     */
    public void reserve(long limitBytes) throws IOException {
        file.reserve(limitBytes);
    }

    /**
     * Leaves the file fit for the next process. Once nobody uses the store any more; idempotent.
     *
     * @param nowMillis the store's time
     */
    public void stop(long nowMillis) throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Moment moment = Moment.now(nowMillis, boot);
            clock.write(moment);
            file.finish(moment);
        } finally {
            owner.close();
        }
    }

    /** Leaves the file as a process does that is killed. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closeQuietly(owner);
        }
    }
}
