package io.larder.client.net;

import io.larder.protocol.Opcode;
import io.larder.protocol.PushBody;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hot keys of one connection, as its server tells of them, and copies of their values: at most
 * {@link #KEYS_MAX} and {@link #BYTES_MAX}. Beyond that nothing is added: the key is asked for as
 * any other, and the server says so again while it is hot. Any thread finds and forgets; the event
 * loop adds and drops.
 *
 * <p>While no key is hot it costs a reader one look at an empty map.
 */
/*
 * Everything is dropped when the connection ends or a push is missing: what was told is true of one
 * server and one start of it. A write of this client's goes over the connection that reads of its
 * key go over, a clear over any of them; hence forget for this one, and for all connections
 * Router.forgetHeld.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of timers: the sweep sees to its own failures
final class HeldKeys {
    static final int KEYS_MAX = 128;
    static final long BYTES_MAX = 4 << 20;
    private static final long HOT_NANOS = TimeUnit.MILLISECONDS.toNanos(PushBody.HOT_MILLIS);

    private record Id(Region region, ByteBuffer key) {}

    private final Map<Id, HeldKey> keys = new ConcurrentHashMap<>(); // changed by the event loop
    private final AtomicLong bytes = new AtomicLong(); // of all copies
    private final long ageMillisMax;
    private final EventLoop eventLoop;
    private final LongSupplier nanoClock;
    private boolean sweeping; // of the event loop

    /**
     * @param ageMillisMax how old a value may be that is served; 0: nothing is held
     */
    HeldKeys(long ageMillisMax, EventLoop eventLoop, LongSupplier nanoClock) {
        this.ageMillisMax = ageMillisMax;
        this.eventLoop = eventLoop;
        this.nanoClock = nanoClock;
    }

    /** Whether the client's program wants any. */
    boolean isWanted() {
        return ageMillisMax > 0;
    }

    /** A key that is hot now; null if it is not. */
    @Nullable HeldKey find(Region region, byte[] key) {
        if (keys.isEmpty()) {
            return null;
        }
        HeldKey held = keys.get(new Id(region, ByteBuffer.wrap(key)));
        return held != null && held.isHot(nanoClock.getAsLong()) ? held : null;
    }

    /** How many keys it has. */
    int count() {
        return keys.size();
    }

    /**
     * The server says that a key is hot. On the event loop.
     *
     * @param key not copied
     */
    void told(Region region, byte[] key, long keepMillis) {
        long nowNanos = nanoClock.getAsLong();
        Id id = new Id(region, ByteBuffer.wrap(key));
        HeldKey held = keys.get(id);
        if (held == null) {
            if (keys.size() >= KEYS_MAX) {
                dropCold(nowNanos);
            }
            if (keys.size() >= KEYS_MAX) {
                return;
            }
            held = new HeldKey(this, key.length);
        }
        long keepNanos = TimeUnit.MILLISECONDS.toNanos(Math.min(keepMillis, ageMillisMax));
        held.told(keepNanos, nowNanos + HOT_NANOS);
        keys.put(id, held);
        sweepLater();
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            eventLoop.schedule(this::sweep, HOT_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        sweeping = false;
        dropCold(nanoClock.getAsLong());
        if (!keys.isEmpty()) {
            sweepLater();
        }
    }

    private void dropCold(long nowNanos) {
        for (Iterator<HeldKey> all = keys.values().iterator(); all.hasNext(); ) {
            HeldKey held = all.next();
            if (!held.isHot(nowNanos)) {
                all.remove();
                held.drop();
            }
        }
    }

    /** Nothing is known any more. On the event loop. */
    void dropAll() {
        for (Iterator<HeldKey> all = keys.values().iterator(); all.hasNext(); ) {
            HeldKey held = all.next();
            all.remove();
            held.drop();
        }
    }

    /** What a request changes is being changed, or has been. */
    void forget(Request request) {
        if (keys.isEmpty()) {
            return;
        }
        if (request.opcode.isWrite() || request.opcode == Opcode.GET_AND_TOUCH) {
            forget(request.region, request.body, 0, request.keyBytes);
        } else if (request.opcode == Opcode.CLEAR) {
            forgetAll(request.region);
        }
    }

    /** A key is being changed, or has been. */
    void forget(Region region, byte[] key) {
        forget(region, key, 0, key.length);
    }

    /** As {@link #forget(Region, byte[])}, of {@code keyBytes} of these bytes. */
    void forget(Region region, byte[] bytes, int keyOffset, int keyBytes) {
        if (!keys.isEmpty()) {
            HeldKey held = keys.get(new Id(region, ByteBuffer.wrap(bytes, keyOffset, keyBytes)));
            if (held != null) {
                held.changed();
            }
        }
    }

    /** The same for all keys of a region. */
    void forgetAll(Region region) {
        keys.forEach(
                (id, held) -> {
                    if (id.region.equals(region)) {
                        held.changed();
                    }
                });
    }

    /** Takes room for a copy; false if there is none. */
    boolean take(long more) {
        if (bytes.addAndGet(more) <= BYTES_MAX || more <= 0) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    void give(long less) {
        bytes.addAndGet(-less);
    }

    /** What the copies take. */
    long bytes() {
        return bytes.get();
    }
}
