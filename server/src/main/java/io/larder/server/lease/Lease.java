package io.larder.server.lease;

import java.util.LinkedHashSet;
import java.util.Set;

/** One key's lease. Only the waiters ever change. */
final class Lease {
    final long hash;
    final int space;
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
        this.fill = fill;
        this.holder = request.holder;
        this.endMillis = request.nowMillis + request.leaseMillis;
    }

    boolean isOver(long nowMillis) {
        return endMillis <= nowMillis;
    }
}
