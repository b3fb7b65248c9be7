package io.larder.server.command;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.lease.LeaseRequest;
import io.larder.server.lease.Leases;
import io.larder.server.lease.Leases.Answer;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;

/** RELEASE, and what leases have to do with reads and writes. Stateless; any event loop. */
final class LeaseCommands {
    private final Leases leases;
    private final KeyHasher hasher;

    LeaseCommands(CommandServices services) {
        leases = services.leases();
        hasher = services.store().hasher();
    }

    void release(Session session, Workbench bench) {
        Request request = bench.request;
        if (!request.has(ExtensionType.LEASE_TOKEN)) {
            bench.reply.error(
                    Status.BAD_REQUEST,
                    ErrorBody.of("opcode: RELEASE (expected: with extension LEASE_TOKEN)"));
            return;
        }
        boolean wasHeld = leases.end(bench.mutation.key.hash(), request.leaseToken);
        if (wasHeld) {
            bench.reply.empty(Status.OK);
        } else if (!request.hasFlag(RequestFlag.QUIET)) {
            bench.reply.empty(Status.MISS);
        }
    }

    /**
     * Asks for the lease of the present request's key; its token is then in {@code bench.lease}.
     *
     * @param version of the key, as it was read
     * @param mayPark whether the request may wait where another one has the lease: PARKED means
     *     that it does, and is not to be answered now
     */
    Answer acquire(Session session, Workbench bench, long version, boolean mayPark) {
        LeaseRequest lease = bench.lease;
        lease.key = bench.mutation.key;
        lease.version = version;
        lease.tags = bench.tags.all(hasher, lease.key.space(), bench.request);
        lease.holder = session.leaseHolder;
        lease.leaseMillis =
                bench.request.has(ExtensionType.LEASE_MILLIS)
                        ? bench.request.leaseMillis
                        : ProtocolLimits.LEASE_MILLIS_DEFAULT;
        lease.nowMillis = session.nowMillis();
        lease.waiter = null;
        lease.token = Mutation.NO_FILL;
        Answer answer = leases.acquire(lease);
        return answer == Answer.OTHERS && mayPark ? park(session, bench) : answer;
    }

    private Answer park(Session session, Workbench bench) {
        ParkedRequests parked = session.parked;
        if (parked == null || bench.isInBatch) {
            return Answer.OTHERS;
        }
        long giveUpMillis = giveUpMillis(session, bench);
        ParkedRequest request = bench.resumed;
        if (giveUpMillis <= session.nowMillis() || (request == null && parked.isFull())) {
            return Answer.OTHERS;
        }
        if (request == null) {
            request = parked.copyOf(bench.request, session.arrivalMillis());
        }
        bench.lease.waiter = request;
        Answer answer = leases.acquire(bench.lease);
        if (answer == Answer.PARKED) {
            parked.park(request, bench.lease, giveUpMillis);
        }
        return answer;
    }

    /** The end of its wait; a deadline before it is to be noticed when it is past. */
    private static long giveUpMillis(Session session, Workbench bench) {
        Request request = bench.request;
        long waitMillis =
                Math.min(
                        Integer.toUnsignedLong(request.waitMillis),
                        ProtocolLimits.LEASE_MILLIS_MAX);
        long deadlineMillis = FrameHeader.deadlineMillis(request.frame, request.offset);
        if (!request.has(ExtensionType.WAIT_MILLIS) || waitMillis == 0) {
            return 0;
        }
        return session.arrivalMillis()
                + (deadlineMillis == 0 ? waitMillis : Math.min(waitMillis, deadlineMillis + 1));
    }

    /** Says that the load is another one's. */
    void answerOthers(Workbench bench) {
        bench.reply.withNumber(
                Status.LEASE_OTHER, ExtensionType.RETRY_AFTER, leases.limits().retryAfterMillis());
    }

    /** Gives a lease back that is of no use, after all. */
    void giveBack(Workbench bench) {
        leases.end(bench.lease.key.hash(), bench.lease.token);
    }

    /** Whether the present write may be done: it is no fill, or its lease still holds. */
    boolean mayWrite(Mutation mutation, long nowMillis) {
        return mutation.fill == Mutation.NO_FILL
                || leases.holds(mutation.key.hash(), mutation.fill, nowMillis);
    }

    /** Ends the lease of a key that has been through the store. */
    void onWritten(Request request, Mutation mutation, WriteStatus status) {
        boolean isDelete = request.opcode == Opcode.DELETE.code();
        if (status == WriteStatus.DONE
                ? request.opcode != Opcode.TOUCH.code()
                : status == WriteStatus.MISSING && isDelete && !mutation.ifVersion) {
            leases.onChange(mutation.key.hash(), mutation.fill);
        } else if (status == WriteStatus.CHANGED) {
            leases.end(mutation.key.hash(), mutation.fill);
        }
    }
}
