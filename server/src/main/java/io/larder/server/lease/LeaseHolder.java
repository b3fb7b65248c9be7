package io.larder.server.lease;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who asks for leases and loses them all when it goes: a connection. Asks on one thread; its leases
 * may be ended by any.
 */
public final class LeaseHolder {
    final Set<Lease> leases = ConcurrentHashMap.newKeySet();

    /** Whether it has none. Any thread. */
    public boolean isEmpty() {
        return leases.isEmpty();
    }
}
