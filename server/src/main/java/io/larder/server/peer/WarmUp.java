package io.larder.server.peer;

import io.larder.protocol.ExportReply;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a store with what another server has, region by region, on a thread of its own while the
 * store is served; whatever clients have changed here since the start wins. Any thread may call
 * anything.
 */
/*
 * What is "newer". The two servers' versions come from two clocks and are not comparable, so they
 * are not compared: what a client did here since this server began is newer than what the peer had,
 * whatever the peer's version says. See ChangedKeys for how that is kept up to the single step. For
 * it to be true, clients must write here and no longer there when the warm-up begins.
 *
 * A region that is cleared here meanwhile gets another space; items go on being stored under the
 * space it had at the begin, where nobody finds them, until the next piece notices. One in which a
 * prefix is invalidated is left alone from then on, the fills under way being ended by the
 * invalidation itself. Times travel as what is left of them; an item's version is new.
 *
 * A lost connection: begin anew after a pause, at the same cursor if the peer has not been started
 * anew, else at the region's begin; what is here already is present, and left. Given up after
 * ATTEMPTS_MAX in a row that got nothing.
 */
public final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int ATTEMPTS_MAX = 10;
    private static final long PAUSE_MILLIS_MAX = 5_000;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int CLOSE_MILLIS_MAX = 10_000;

    private final InetSocketAddress peer;
    private final ChangedKeys front;
    private final Store store;
    private final Clock clock;
    private final RegionTable regions;
    private final Consumer<Throwable> errors;
    private final Thread thread = new Thread(this::run, "larder-warm-up");
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Integer> spaces = new HashMap<>(); // the thread's, after the start
    private final Mutation mutation = new Mutation(); // the thread's, as all below
    private int regionId;
    private long cursor;
    private long bootId;
    private long progressAt;
    private volatile @Nullable PeerConnection connection;
    private volatile boolean isOver;
    private volatile long stored;
    private volatile long present;
    private volatile long leftOut;
    private volatile long refused;

    /**
     * Prepares to fill a store; changes are noted from now on.
     *
     * @param store what is served, but for {@link #front}
     * @param errors told what nothing here expects
     */
    public WarmUp(
            InetSocketAddress peer,
            Store store,
            Clock clock,
            RegionTable regions,
            Consumer<Throwable> errors) {
        this.peer = peer;
        this.store = store;
        this.clock = clock;
        this.regions = regions;
        this.errors = errors;
        this.front = new ChangedKeys(store);
        thread.setDaemon(true);
        for (String name : regions.names()) {
            spaces.put(name, regions.space(regions.find(name)));
        }
    }

    /** What clients are to be served from: the store, with an eye on what they change. */
    public Store front() {
        return front;
    }

    /** Begins. Once. */
    public void start() {
        thread.start();
    }

    /** Whether it has ended, one way or another. */
    public boolean isOver() {
        return isOver;
    }

    /** Adds how far it is. */
    public void registerMetrics(MetricsRegistry registry) {
        registry.register("warm_up_over", "1 once the warm-up has ended", () -> isOver ? 1 : 0);
        registry.register("warm_up_stored", "Items got from the peer", () -> stored);
        registry.register("warm_up_present", "Items that clients had changed", () -> present);
        registry.register("warm_up_left_out", "Items that cannot travel", () -> leftOut);
        registry.register("warm_up_refused", "Items there was no room for", () -> refused);
    }

    private void run() {
        try {
            LOG.info("warming from {}", peer);
            boolean isComplete = attempts();
            LOG.info("warm-up {}: {}", isComplete ? "complete" : "ended early", summary());
        } catch (RuntimeException | Error e) {
            errors.accept(e);
        } finally {
            isOver = true;
            front.forget();
        }
    }

    private boolean attempts() {
        for (int attempt = 1; attempt <= ATTEMPTS_MAX && !isClosing(); attempt++) {
            long before = stored + present + leftOut + refused;
            try (PeerConnection opened = new PeerConnection(peer)) {
                connection = opened;
                resume(opened);
                fetch(opened);
                return !isClosing();
            } catch (IOException e) {
                if (stored + present + leftOut + refused > before) {
                    attempt = 0;
                }
                LOG.warn(
                        "warming from {}: {} ({} of {} attempts)",
                        peer,
                        String.valueOf(e.getMessage()),
                        attempt,
                        ATTEMPTS_MAX);
                pause(Math.min(PAUSE_MILLIS_MAX, 100L << Math.max(0, attempt)));
            } finally {
                connection = null;
            }
        }
        return false;
    }

    private void resume(PeerConnection opened) {
        if (opened.bootId() != bootId) {
            bootId = opened.bootId();
            cursor = 0;
            regionId = 0; // ids are the peer's of then
        }
    }

    private void fetch(PeerConnection opened) throws IOException {
        while (!isClosing()) {
            ExportReply piece = opened.export(regionId, cursor);
            if (piece == null) {
                return;
            }
            boolean goesOn = take(piece);
            cursor = piece.cursor();
            if (cursor == 0 || !goesOn) {
                LOG.info("warming from {}: region {} is through", peer, piece.region());
                cursor = 0;
                regionId++;
            }
            tellProgress();
        }
    }

    private boolean take(ExportReply piece) throws IOException {
        int space = spaceOf(piece.region());
        addLeftOut(piece.leftOut());
        for (ExportReply.Item item : piece.items()) {
            if (isClosing()) {
                return true;
            }
            count(store(item, space));
        }
        boolean isCleared = regions.space(regions.find(piece.region())) != space;
        return !isCleared && !front.wasInvalidated(space);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void addLeftOut(int count) {
        leftOut += count;
    }

    /** The space at the begin; of a region that was not there then, that which it gets now. */
    private int spaceOf(String region) throws IOException {
        Integer known = spaces.get(region);
        if (known != null) {
            return known;
        }
        try {
            int space = regions.space(regions.open(region));
            spaces.put(region, space);
            return space;
        } catch (IllegalArgumentException | RegionLimitException e) {
            throw new IOException("region of the peer: " + e.getMessage(), e);
        }
    }

    private WriteStatus store(ExportReply.Item item, int space) {
        if (item.key().length == 0 || item.expiresInMillis() == 0) {
            return WriteStatus.CHANGED;
        }
        long nowMillis = clock.nowMillis();
        mutation.reset();
        mutation.key.wrap(store.hasher(), space, item.key());
        mutation.value.wrap(item.value(), 0, item.value().length);
        mutation.expiryMillis = at(nowMillis, item.expiresInMillis());
        mutation.softExpiryMillis = at(nowMillis, item.softExpiresInMillis());
        mutation.callerVersion = item.callerVersion();
        mutation.clientFlags = item.clientFlags();
        mutation.format = item.format();
        mutation.negative = item.negative();
        long fill = store.beginFill(mutation.key, Mutation.VERSION_ABSENT, nowMillis);
        if (fill == Mutation.NO_FILL) {
            return WriteStatus.EXISTS;
        }
        if (front.mayHave(mutation.key) || front.wasInvalidated(space)) {
            store.endFill(mutation.key.hash(), fill);
            return WriteStatus.CHANGED;
        }
        mutation.fill = fill;
        WriteStatus status = store.put(mutation, nowMillis);
        if (status != WriteStatus.DONE) {
            store.endFill(mutation.key.hash(), fill);
        }
        return status;
    }

    private static long at(long nowMillis, long inMillis) {
        return inMillis < 0 || inMillis > Mutation.NEVER - nowMillis
                ? Mutation.NEVER
                : nowMillis + inMillis;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void count(WriteStatus status) {
        switch (status) {
            case DONE -> stored++;
            case EXISTS, CHANGED -> present++;
            default -> refused++;
        }
    }

    private void tellProgress() {
        if (System.nanoTime() - progressAt >= PROGRESS_NANOS) {
            progressAt = System.nanoTime();
            LOG.info("warming from {}: {}", peer, summary());
        }
    }

    private String summary() {
        return "stored="
                + stored
                + " changed_here="
                + present
                + " left_out="
                + leftOut
                + " refused="
                + refused;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void pause(long millis) {
        try {
            closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** Ends it where it is. Locking: waits for the thread. */
    @Override
    public void close() {
        closing.countDown();
        PeerConnection open = connection;
        try {
            if (open != null) {
                open.close();
            }
            thread.join(CLOSE_MILLIS_MAX);
        } catch (IOException e) {
            errors.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
