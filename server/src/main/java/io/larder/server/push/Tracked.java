package io.larder.server.push;

import io.larder.server.memory.Slice;
import io.larder.server.store.Key;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A key and the connections that are to be told of its next change. Guarded by its stripe. */
final class Tracked {
    private static final int BYTES = 112; // this object, its array of queues and the key's header
    private static final int QUEUE_BYTES = 8; // in an array that is doubled

    final int regionId;
    final byte[] key;
    private final long hash;
    private final int space;
    private PushQueue[] queues = new PushQueue[1];
    private int count;

    @Nullable Tracked next;

    Tracked(int regionId, Key key) {
        this.regionId = regionId;
        this.key = key.bytes().toByteArray();
        this.hash = key.hash();
        this.space = key.space();
    }

    /** Bytes of the heap that tracking a key for a first connection takes, rounded up. */
    static int bytesOf(Key key) {
        return BYTES + key.bytes().length() + QUEUE_BYTES;
    }

    /** Bytes of the heap that this takes, rounded up. */
    int bytes() {
        return BYTES + key.length + QUEUE_BYTES * count;
    }

    boolean isOf(Key other) {
        return isOf(other.space(), other.hash()) && hasBytes(other.bytes());
    }

    boolean isOf(int otherSpace, long otherHash, byte[] otherKey) {
        return isOf(otherSpace, otherHash) && Arrays.equals(key, otherKey);
    }

    private boolean isOf(int otherSpace, long otherHash) {
        return hash == otherHash && space == otherSpace;
    }

    private boolean hasBytes(Slice bytes) {
        if (bytes.length() != key.length) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (bytes.getByte(i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    /** Adds a connection unless it is there; closed ones make way. */
    void add(PushQueue queue) {
        int free = -1;
        for (int i = 0; i < count; i++) {
            if (queues[i] == queue) {
                return;
            }
            free = queues[i].isClosed() ? i : free;
        }
        if (free >= 0) {
            queues[free] = queue;
            return;
        }
        if (count == queues.length) {
            queues = Arrays.copyOf(queues, 2 * count);
        }
        queues[count++] = queue;
    }

    /** Puts an INVALIDATE into the queues of all connections that are open; says how many are. */
    int offerAll() {
        int open = 0;
        for (int i = 0; i < count; i++) {
            if (!queues[i].isClosed()) {
                queues[i].offer(Push.invalidate(regionId, key));
                open++;
            }
        }
        return open;
    }

    /** The same where this thread changes the key: not to one that does not ask for its own. */
    void offerChange() {
        for (int i = 0; i < count; i++) {
            if (!queues[i].isMuted()) {
                queues[i].offer(Push.invalidate(regionId, key));
            }
        }
    }

    /** Once it is in no table any more and the stripe is not held: wakes all connections. */
    void wakeAll() {
        for (int i = 0; i < count; i++) {
            queues[i].wake();
        }
    }
}
