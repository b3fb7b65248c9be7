package io.larder.client.net;

import io.larder.client.api.Entry;
import io.larder.client.api.StoredValue;
import io.larder.protocol.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A hot key and the copy of its value that is served for some milliseconds. Any thread; what the
 * server tells of it comes on the event loop.
 */
/*
 *   asked          half                 end = asked + keep, and not after the item's own
 *     |-------------|--------------------|
 *     |    served   | served, but to one | asked for by all
 *                     who asks anew
 *
 * The time counts from before the server was asked, so what is served at a moment was overwritten by
 * no write that was answered longer than `keep` before it. In the second half the first one to come
 * asks the server, and the others are served meanwhile: where an answer takes less than that half,
 * one request a half is all that a client sends, however many its callers are.
 *
 * Own writes. `changes` is raised when a write of this client's begins, and once more before its
 * future completes; a copy is served only while `changes` is what it was when the copy was asked for.
 * So a read that begins after a write has ended finds no copy of before, nor does one that a read
 * under way brings later. Nobody has to wait for anybody: what is served between two lines of a
 * reader overlaps with the write.
 *
 * Answers come in any order: a copy gives way only to one of a later version, or when it may not be
 * served any more.
 *
 * A key that the holder has dropped has GONE for its copy and keeps nothing any more; who still has
 * it asks the server.
 */
final class HeldKey {
    private static final int BYTES = 200; // of the heap: this, its copy, and its place in the map

    /** One value, as it was answered once. */
    private static final class Copy {
        final StoredValue value;
        final long version;
        final int changes; // of the key, when the value was asked for
        final long halfNanos; // from when on it is to be asked for anew
        final long endNanos; // from when on it is not served
        final AtomicBoolean renewed = new AtomicBoolean(); // whether somebody has asked anew

        Copy(StoredValue value, long version, int changes, long halfNanos, long endNanos) {
            this.value = value;
            this.version = version;
            this.changes = changes;
            this.halfNanos = halfNanos;
            this.endNanos = endNanos;
        }

        boolean isBetterThan(Copy other) {
            int order = Long.compareUnsigned(version, other.version);
            return order > 0 || (order == 0 && endNanos - other.endNanos > 0);
        }
    }

    private static final Copy GONE = new Copy(StoredValue.raw(new byte[0]), 0, 0, 0, 0);

    private final HeldKeys holder;
    private final int keyBytes;
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicReference<@Nullable Copy> copy = new AtomicReference<>();
    private volatile long keepNanos; // written by the event loop
    private volatile long hotUntilNanos; // written by the event loop

    HeldKey(HeldKeys holder, int keyBytes) {
        this.holder = holder;
        this.keyBytes = keyBytes;
    }

    /** The server says that it is hot. */
    void told(long newKeepNanos, long newHotUntilNanos) {
        keepNanos = newKeepNanos;
        hotUntilNanos = newHotUntilNanos;
    }

    boolean isHot(long nowNanos) {
        return hotUntilNanos - nowNanos > 0;
    }

    /** The value, the caller's own; null if the server is to be asked, by {@link #keeping}. */
    @Nullable StoredValue find(long nowNanos) {
        Copy present = copy.get();
        if (present == null || !mayServe(present, nowNanos) || isToRenew(present, nowNanos)) {
            return null;
        }
        StoredValue value = present.value;
        return new StoredValue(value.bytes().clone(), value.format());
    }

    private boolean mayServe(Copy present, long nowNanos) {
        return present != GONE
                && present.endNanos - nowNanos > 0
                && present.changes == changes.get();
    }

    private static boolean isToRenew(Copy present, long nowNanos) {
        return present.halfNanos - nowNanos <= 0
                && !present.renewed.get()
                && present.renewed.compareAndSet(false, true);
    }

    /** The key is being changed, or has been, by this client or as the server says. */
    void changed() {
        changes.incrementAndGet();
    }

    /**
     * A reader that keeps what it reads, too.
     *
     * @param reader of a reply to a GET with RETURN_META that is sent after this
     * @param nowNanos before it is sent
     */
    <T> ReplyReader<T> keeping(ReplyReader<T> reader, long nowNanos) {
        int before = changes.get();
        return reply -> {
            T result = reader.read(reply);
            if (reply.is(Status.OK)) {
                keep(reply, before, nowNanos);
            }
            return result;
        };
    }

    private void keep(Reply reply, int changesBefore, long askedNanos) {
        if (changesBefore != changes.get() || reply.isJoined()) {
            return; // what came in pieces is too large to be held
        }
        Entry<byte[]> entry = reply.entry();
        long nanos = keepNanos;
        if (entry.expiresInMillis() != Entry.NEVER_EXPIRES) {
            nanos = Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(entry.expiresInMillis()));
        }
        Copy fresh =
                new Copy(
                        new StoredValue(entry.value(), entry.format()),
                        entry.version(),
                        changesBefore,
                        askedNanos + nanos / 2,
                        askedNanos + nanos);
        replace(fresh, askedNanos);
    }

    private void replace(Copy fresh, long nowNanos) {
        while (true) {
            Copy present = copy.get();
            if (present == GONE || isBetter(present, fresh, nowNanos)) {
                return;
            }
            long more = bytes(fresh) - bytes(present);
            if (!holder.take(more)) {
                return;
            }
            if (copy.compareAndSet(present, fresh)) {
                return;
            }
            holder.give(more);
        }
    }

    private static boolean isBetter(@Nullable Copy present, Copy fresh, long nowNanos) {
        return present != null
                && present.changes == fresh.changes
                && present.endNanos - nowNanos > 0
                && present.isBetterThan(fresh);
    }

    /** Keeps nothing from now on. */
    void drop() {
        Copy last = copy.getAndSet(GONE);
        if (last != GONE) {
            holder.give(bytes(last));
        }
    }

    private long bytes(@Nullable Copy held) {
        return held == null ? 0 : bytes(held.value.bytes().length);
    }

    private long bytes(int valueBytes) {
        return (long) BYTES + keyBytes + valueBytes;
    }
}
