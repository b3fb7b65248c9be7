package io.larder.server.push;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.Key;
import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one server that take pushes, and what each is to be told of. Any thread.
 *
 * <p>While nobody keeps copies, a write costs two volatile reads here.
 */
/*
 * Why a client that has the reply to a SYNC has been told of every write that was answered before
 * it sent the SYNC. Such a write has put its pushes into the queues before its reply was written
 * (TrackingStripe for keys; a clear puts them in before it is answered). So they are in the queue
 * of this connection before the SYNC is read, or have been written from there earlier. The SYNC is
 * carried out on the event loop that empties the queue, and empties it into the connection's
 * outgoing bytes before its reply goes there. It does not matter whether the write happened on this
 * event loop too, in the same round of reads: its push is in the queue when its handler returns,
 * and the wake-up that is still to run finds nothing.
 *
 * A clear tells those connections that have tracked something in the region since they were told
 * last; each queue has a mark for that:
 *
 *   tracked read, on its event loop           clear
 *   1 set the mark, full fence                1 give the region another space, or raise floors
 *   2 ask for the region's space, read        2 full fence
 *                                             3 look at the mark: set, so INVALIDATE_ALL
 *                                             4 answer
 *
 * Either the read sees the clear or the clear sees the mark. That holds for what is read after the
 * mark only, so the region's space, which a request was given when it was admitted, is asked for
 * once more (ReadCommands). The mark is taken away by the event loop alone, when INVALIDATE_ALL goes
 * into the connection's outgoing bytes: whatever was tracked until then was asked before it, and the
 * client drops what it has and does not keep what it has asked for. What is tracked after that sets
 * the mark anew. A clear that meets the mark in between tells once too often.
 */
public final class Pushes {
    private final PushConfig config;
    private final Set<PushQueue> queues = ConcurrentHashMap.newKeySet(); // changed under this
    private final HotKeys hotKeys;
    private final StripedCounter hotKeysTold = new StripedCounter();
    private final StripedCounter overflows = new StripedCounter();
    private final StripedCounter trackingsDropped = new StripedCounter();

    /** Who is told by prefixes; none as a rule. Changed under this, by copies. */
    private volatile Broadcasts broadcasts = Broadcasts.NONE;

    private volatile int watchers; // connections told of what expires; written under this

    /** From the first tracked read until the last connection is gone; written under this. */
    private volatile @Nullable TrackingTable table;

    /** Nobody takes pushes yet. */
    public Pushes(PushConfig config) {
        this.config = config;
        this.hotKeys =
                new HotKeys(
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        config.hotKeyKeepMillis());
    }

    /** Whether it is worth learning which keys are hot. Locking: none. */
    public boolean looksForHotKeys() {
        return config.hotKeyKeepMillis() > 0 && !queues.isEmpty();
    }

    /**
     * Keys were read, as the access log tells: {@code hashes[0]} to {@code hashes[count - 1]}, the
     * lowest bit of each set where it was no read. For one thread at a time.
     */
    public void learn(long[] hashes, int count) {
        for (int i = 0; i < count; i++) {
            if (HotKeys.identity(hashes[i]) == hashes[i]) {
                hotKeys.hit(hashes[i]);
            }
        }
        hotKeys.endBatch();
    }

    /**
     * A connection has read a key's value: if the key is hot it is told so, now and then. On the
     * connection's event loop; costs a volatile read while no key is hot. Locking: none.
     */
    public void noteRead(PushQueue queue, int regionId, Key key) {
        HotKeys.Hot hot = hotKeys.current();
        if (hot == null) {
            return;
        }
        long identity = HotKeys.identity(key.hash());
        long nowMillis = hotKeys.nowMillis();
        if (hot.has(identity, nowMillis) && queue.hotTold().isDue(identity, nowMillis)) {
            hotKeysTold.increment();
            byte[] bytes = key.bytes().toByteArray();
            queue.offer(Push.hotKey(regionId, bytes, config.hotKeyKeepMillis()));
        }
    }

    /** The way to a connection that takes pushes from now on. Locking: this object's monitor. */
    public synchronized PushQueue open() {
        PushQueue queue = new PushQueue(PushQueue.BYTES_MAX, overflows);
        queues.add(queue);
        return queue;
    }

    /**
     * The same for a client that does not know when what it keeps a copy of ends: it is told of
     * expiries and evictions of what it tracks, too, and of every clear of its region. Locking:
     * this object's monitor.
     */
    public synchronized PushQueue openWatching(int regionId) {
        PushQueue queue = open();
        queue.watch(regionId);
        watchers++;
        return queue;
    }

    /** Whether anybody is to be told of what expires or is evicted. Locking: none. */
    public boolean tellsLosses() {
        return watchers > 0;
    }

    /**
     * Has an open connection told of all changes of keys that begin with a prefix, until it is
     * closed. Locking: this object's monitor.
     *
     * @param space the one that keys of the region are in now
     */
    public synchronized void follow(
            PushQueue queue, int regionId, IntSupplier space, byte[] prefix) {
        broadcasts = broadcasts.with(queue, regionId, space, prefix);
        VarHandle.fullFence();
    }

    /**
     * The connection is gone; what it kept copies of is forgotten bit by bit, or at once with the
     * last connection. Idempotent. Locking: this object's monitor.
     */
    public synchronized void close(PushQueue queue) {
        queue.close();
        broadcasts = broadcasts.without(queue);
        if (!queues.remove(queue)) {
            return;
        }
        if (queue.isWatching()) {
            watchers--;
        }
        TrackingTable present = table;
        if (queues.isEmpty() && present != null) {
            trackingsDropped.add(present.dropped());
            table = null;
        }
    }

    /**
     * Has an open connection told of the next change of a key. To be called before the value is
     * read: of a write that the read does not see it is told.
     *
     * <p>Locking: a stripe's monitor; this object's, the first time.
     */
    public void track(PushQueue queue, int regionId, Key key) {
        queue.mark(regionId);
        TrackingTable present = table;
        (present == null ? openTable() : present).track(queue, regionId, key);
    }

    private synchronized TrackingTable openTable() {
        TrackingTable present = table;
        if (present == null) {
            present = new TrackingTable(config.trackingBytesMax());
            table = present;
        }
        return present;
    }

    /**
     * A key was written, deleted or given another expiry, or a caller wanted to and found it
     * absent. To be called after the change, before it is answered, with no lock held.
     *
     * <p>Locking: a stripe's monitor, if some connection may keep a copy.
     */
    public void changed(Key key) {
        TrackingTable present = table;
        if (present != null) {
            present.changed(key);
        }
        broadcasts.changed(key);
    }

    /** An item has expired or was evicted; on the same terms, by its space, hash and key. */
    public void lost(int space, long hash, byte[] key) {
        TrackingTable present = table;
        if (present != null) {
            present.lost(space, hash, key);
        }
        broadcasts.lost(space, key);
    }

    /**
     * Items of a region were removed, how many or which nobody knows. To be called after that,
     * before it is answered. Told to those who have tracked any of them. Locking: none.
     */
    public void cleared(int regionId) {
        VarHandle.fullFence();
        for (PushQueue queue : queues) {
            if (queue.isToldOfClears(regionId)) {
                queue.offer(Push.invalidateRegion(regionId));
                queue.wake();
            }
        }
    }

    /** Adds the figures of this. */
    public void registerMetrics(MetricsRegistry registry) {
        registry.register("push_connections", "Connections that take pushes", queues::size)
                .registerCounter(
                        "push_overflows",
                        "Connections told to drop everything, for want of room for pushes",
                        overflows::sum)
                .registerCounter(
                        "hot_keys_told",
                        "Times that a connection was told of a hot key",
                        hotKeysTold::sum)
                .register(
                        "tracking_bytes",
                        "Memory for what clients keep copies of",
                        this::trackingBytes)
                .registerCounter(
                        "tracking_dropped",
                        "Copies that clients were told to drop for want of that memory",
                        this::trackingsDropped);
    }

    private long trackingBytes() {
        TrackingTable present = table;
        return present == null ? 0 : present.bytes();
    }

    private synchronized long trackingsDropped() {
        TrackingTable present = table;
        return trackingsDropped.sum() + (present == null ? 0 : present.dropped());
    }
}
