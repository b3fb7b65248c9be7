package io.larder.server.compat.memcached;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.Peer;
import io.larder.server.lease.LeaseRequest;
import io.larder.server.lease.Leases;
import io.larder.server.lease.Leases.Answer;
import io.larder.server.store.Clock;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;

/**
 * The leases that one connection's clients were granted: Larder's own, so a key is loaded by one
 * client at a time whichever protocol it speaks, and a connection that goes gives its leases back.
 * One event loop.
 */
final class MetaLeases {
    private static final long MILLIS_MAX = 60_000;
    private static final long SWEEP_MILLIS = 1_000;

    private final Leases leases;
    private final Clock clock;
    private final Peer peer;
    private final LeaseRequest request = new LeaseRequest();
    private boolean isSweeping;

    MetaLeases(CommandServices services, Peer peer) {
        this.leases = services.leases();
        this.clock = services.clock();
        this.peer = peer;
    }

    /**
     * Asks for the right to load a key; {@link #token} and {@link #millisLeft} then say more.
     *
     * @param version of the key as it was read
     * @param millis for how long; fewer if that is more than a lease may last
     */
    Answer acquire(Key key, long version, long millis, long nowMillis) {
        request.key = key;
        request.version = version;
        request.leaseMillis = Math.max(1, Math.min(millis, MILLIS_MAX));
        request.nowMillis = nowMillis;
        request.token = Mutation.NO_FILL;
        request.endMillis = nowMillis + request.leaseMillis;
        Answer answer = leases.acquire(request);
        if (answer == Answer.YOURS && !isSweeping) {
            isSweeping = true;
            sweepLater();
        }
        return answer;
    }

    private void sweepLater() {
        var unused = peer.schedule(this::sweep, SWEEP_MILLIS);
    }

    /** Those whose time is over end, though nobody asks for their keys again. */
    private void sweep() {
        leases.endOver(request.holder, clock.nowMillis());
        isSweeping = !request.holder.isEmpty();
        if (isSweeping) {
            sweepLater();
        }
    }

    /** What a value has to show that is stored for the lease last granted. */
    long token() {
        return request.token;
    }

    /** How long the lease last asked for lasts, be it another one's. */
    long millisLeft() {
        return request.endMillis - request.nowMillis;
    }

    /** Whether this token is that of the key's lease. */
    boolean holds(Key key, long token, long nowMillis) {
        return token != Mutation.NO_FILL && leases.holds(key.hash(), token, nowMillis);
    }

    /** Whether anybody has the key's lease. */
    boolean isHeld(Key key, long nowMillis) {
        return leases.isHeld(key.hash(), nowMillis);
    }

    /** The connection is gone. */
    void release() {
        leases.endAll(request.holder);
    }
}
