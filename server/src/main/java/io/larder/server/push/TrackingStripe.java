package io.larder.server.push;

import io.larder.server.store.Key;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A part of the keys that connections keep copies of: a hash table of a fixed number of buckets and
 * a bound in bytes. Beyond that keys are taken out, and the connections told as if they had
 * changed. Any thread.
 *
 * <p>Locking: its monitor, for a chain's length; a write whose key lies in an empty bucket takes
 * none.
 */
/*
 *   reader (TRACK)                        writer
 *   1 put (key, queue) into the bucket    1 swing the slot, or take the item away
 *   2 full fence                          2 give the shard's lock back (a full fence)
 *   3 read the value                      3 look into the bucket: INVALIDATE to all in it
 *                                         4 answer
 *
 * Either the reader sees the write, or the writer sees the reader: of two threads that each write
 * one place, fence, then read the other's, at least one reads what the other has written. So a
 * reader whose value is older than a write is told of that write.
 *
 * Told before the write is answered, whoever does the telling. Let W1 and W2 write the same key at
 * once and W1 be the one that finds the reader. If W1 took the key out of the bucket first and told
 * the reader then, W2 could find the bucket empty in between, and be answered while the reader has
 * not been told of either. So the push is put into the queue first and the key is taken out after
 * it, both under the monitor: a bucket that is seen empty (volatile) is one whose pushes are in
 * their queues already.
 *
 * The same order holds where the bound takes a key out, for the same reason.
 *
 * A key is told of once: who has been told asks anew. Those who have gone are dropped where they
 * are met: by a write of the key, by the next reader of it, by the hand. They count for the bound
 * until then, so what they leave behind is bounded as everything here.
 */
class TrackingStripe {
    /** Buckets for a bound of so many bytes each: a chain is seldom longer than two. */
    private static final int BYTES_PER_BUCKET = 128;

    private final AtomicReferenceArray<@Nullable Tracked> buckets; // written under this
    private final long bytesMax;
    private long bytes; // guarded by this
    private int hand; // guarded by this: where the bound takes keys out next
    private long dropped; // guarded by this

    TrackingStripe(long bytesMax) {
        int wanted = (int) Math.max(1, bytesMax / BYTES_PER_BUCKET);
        this.buckets = new AtomicReferenceArray<>(Integer.highestOneBit(wanted));
        this.bytesMax = bytesMax;
    }

    private int bucketOf(long spread) {
        return (int) spread & buckets.length() - 1;
    }

    /**
     * Has a connection told of the next change of a key after this returns.
     *
     * @param spread bits of the key's hash that did not choose the stripe
     */
    final void track(PushQueue queue, int regionId, Key key, long spread) {
        Tracked taken;
        synchronized (this) {
            taken = makeRoom(Tracked.bytesOf(key));
            int bucket = bucketOf(spread);
            Tracked found = find(bucket, key);
            if (found == null) {
                found = new Tracked(regionId, key);
                found.add(queue);
                found.next = buckets.get(bucket);
                bytes += found.bytes();
                buckets.set(bucket, found);
            } else {
                long before = found.bytes();
                found.add(queue);
                bytes += found.bytes() - before;
            }
        }
        VarHandle.fullFence();
        wakeAll(taken);
    }

    private @Nullable Tracked find(int bucket, Key key) {
        Tracked tracked = buckets.get(bucket);
        while (tracked != null && !tracked.isOf(key)) {
            tracked = tracked.next;
        }
        return tracked;
    }

    /** Takes whole buckets out until there is room; what was in them, linked. */
    private @Nullable Tracked makeRoom(int wanted) {
        Tracked taken = null;
        for (int left = buckets.length(); left > 0 && bytes + wanted > bytesMax; left--) {
            Tracked tracked = buckets.get(hand);
            for (Tracked each = tracked; each != null; each = each.next) {
                dropped += each.offerAll();
            }
            buckets.set(hand, null);
            hand = hand + 1 & buckets.length() - 1;
            while (tracked != null) {
                Tracked following = tracked.next;
                bytes -= tracked.bytes();
                tracked.next = taken;
                taken = tracked;
                tracked = following;
            }
        }
        return taken;
    }

    private static void wakeAll(@Nullable Tracked taken) {
        for (Tracked each = taken; each != null; each = each.next) {
            each.wakeAll();
        }
    }

    /** Tells those who keep a copy of a key that it has changed. */
    final void changed(Key key, long spread) {
        int bucket = bucketOf(spread);
        if (buckets.get(bucket) == null) {
            return;
        }
        Tracked found;
        synchronized (this) {
            found = find(bucket, key);
            if (found != null) {
                tellAndForget(bucket, found);
                bytes -= found.bytes();
            }
        }
        if (found != null) {
            found.wakeAll();
        }
    }

    /** Tells those who keep a copy of a key that its item is gone, though nobody changed it. */
    final void lost(int space, long hash, byte[] key, long spread) {
        int bucket = bucketOf(spread);
        if (buckets.get(bucket) == null) {
            return;
        }
        Tracked found;
        synchronized (this) {
            found = buckets.get(bucket);
            while (found != null && !found.isOf(space, hash, key)) {
                found = found.next;
            }
            if (found != null) {
                found.offerAll();
                forget(bucket, found);
                bytes -= found.bytes();
            }
        }
        if (found != null) {
            found.wakeAll();
        }
    }

    /** In this order: an empty bucket says that all who were in it have been told. */
    void tellAndForget(int bucket, Tracked tracked) {
        tracked.offerChange();
        forget(bucket, tracked);
    }

    final void forget(int bucket, Tracked gone) {
        Tracked head = buckets.get(bucket);
        if (head == gone) {
            buckets.set(bucket, gone.next);
            return;
        }
        Tracked before = head;
        while (before != null && before.next != gone) {
            before = before.next;
        }
        if (before != null) {
            before.next = gone.next;
        }
    }

    /** Bytes of the heap that are taken. */
    final synchronized long bytes() {
        return bytes;
    }

    /** How often the bound has taken a key from a connection. */
    final synchronized long dropped() {
        return dropped;
    }
}
