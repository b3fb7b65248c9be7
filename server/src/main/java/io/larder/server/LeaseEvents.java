package io.larder.server;

import io.larder.server.accesslog.EventLog;
import io.larder.server.accesslog.EventType;
import io.larder.server.lease.LeaseListener;
import io.larder.server.memory.Slice;
import java.util.function.LongToIntFunction;

/**
 * Tells the event log of leases; the version of an event is the lease's token. Any thread. While
 * nobody watches it costs a volatile read.
 */
final class LeaseEvents implements LeaseListener {
    private final EventLog events;
    private final LongToIntFunction shardOf;

    /**
     * @param shardOf the shard of a key's hash
     */
    LeaseEvents(EventLog events, LongToIntFunction shardOf) {
        this.events = events;
        this.shardOf = shardOf;
    }

    @Override
    public void granted(int space, long hash, byte[] key, long token) {
        tell(EventType.LEASE_GRANTED, space, hash, key, token);
    }

    @Override
    public void ended(int space, long hash, byte[] key, long token) {
        tell(EventType.LEASE_ENDED, space, hash, key, token);
    }

    private void tell(EventType type, int space, long hash, byte[] key, long token) {
        if (events.isWatched()) {
            events.offer(type, shardOf.applyAsInt(hash), space, hash, Slice.of(key), token);
        }
    }
}
