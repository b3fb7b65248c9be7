package io.larder.server.lease;

import io.larder.server.memory.Slice;
import java.util.LinkedHashSet;
import java.util.Set;

/** One key's lease. Only the waiters ever change. */
final class Lease {
    final long hash;
    final int space;
    final byte[] key; // its first KEY_BYTES_KEPT bytes
    final long[] tags; // by hash, that its value is to have
    final long fill;
    final LeaseHolder holder;
    final long endMillis;

    /**
     * In the order they came. Guarded by the key's stripe while the lease is in the table, then its
     * own thread's who took it out.
     */
    final Set<LeaseWaiter> waiters = new LinkedHashSet<>(0);

    Lease(LeaseRequest request, long fill) {
        this.hash = request.key.hash();
        this.space = request.key.space();
        this.key = beginning(request.key.bytes());
        this.tags = request.tags;
        this.fill = fill;
        this.holder = request.holder;
        this.endMillis = request.nowMillis + request.leaseMillis;
    }

    private static byte[] beginning(Slice key) {
        byte[] bytes = new byte[Math.min(key.length(), Leases.KEY_BYTES_KEPT)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = key.getByte(i);
        }
        return bytes;
    }

    /** Whether its key may begin so; certain unless both are longer than what is kept of it. */
    boolean mayBeUnder(int prefixSpace, Slice prefix) {
        int compared = Math.min(prefix.length(), Leases.KEY_BYTES_KEPT);
        if (space != prefixSpace || compared > key.length) {
            return false;
        }
        for (int i = 0; i < compared; i++) {
            if (key[i] != prefix.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    boolean isTagged(long tag) {
        for (long own : tags) {
            if (own == tag) {
                return true;
            }
        }
        return false;
    }

    boolean isOver(long nowMillis) {
        return endMillis <= nowMillis;
    }
}
