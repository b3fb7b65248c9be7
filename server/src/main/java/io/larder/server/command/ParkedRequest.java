package io.larder.server.command;

import io.larder.server.lease.LeaseWaiter;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits until the lease of its key ends, with a copy of its frame. Belongs to the
 * connection's event loop, but for {@link #onLeaseEnd}.
 */
final class ParkedRequest implements ParkedRequests.Waiting, LeaseWaiter {
    final ByteBuf frame; // on the heap
    final long arrivalMillis;

    /** When it is carried out for the last time, in the store's time. */
    final long giveUpMillis;

    /** Of the key whose lease it waits for. */
    long hash;

    @Nullable Future<?> timer;
    private final ParkedRequests owner;

    ParkedRequest(ParkedRequests owner, ByteBuf frame, long arrivalMillis, long giveUpMillis) {
        this.owner = owner;
        this.frame = frame;
        this.arrivalMillis = arrivalMillis;
        this.giveUpMillis = giveUpMillis;
    }

    @Override
    public void onLeaseEnd() {
        owner.wake(this);
    }
}
