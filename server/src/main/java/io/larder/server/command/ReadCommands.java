package io.larder.server.command;

import static io.larder.protocol.RequestFlag.ALLOW_STALE;
import static io.larder.protocol.RequestFlag.LEASE_ON_MISS;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.SOFT_REFRESH;
import static io.larder.protocol.RequestFlag.TRACK;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Status;
import io.larder.server.lease.Leases.Answer;
import io.larder.server.push.PushQueue;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Key;
import io.larder.server.store.LargeValue;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;

/** GET and GET_AND_TOUCH. Stateless; any event loop. */
final class ReadCommands {
    /** How often a GET looks again because the key has changed before it had the lease. */
    private static final int TRIES_MAX = 4;

    /** How often one looks for a key that may be on its way, each time because others moved. */
    private static final int LOOKS_MAX = 64;

    private final Store store;
    private final RegionTable regions;
    private final Pushes pushes;
    private final ReadTap tap;
    private final LeaseCommands leases;
    private final OverflowWaits waits;

    ReadCommands(CommandServices services, LeaseCommands leases, OverflowWaits waits, ReadTap tap) {
        this.tap = tap;
        this.waits = waits;
        store = services.store();
        regions = services.regions();
        pushes = services.pushes();
        this.leases = leases;
    }

    void get(Session session, Workbench bench) {
        Request request = bench.request;
        boolean mayLease = request.hasFlag(LEASE_ON_MISS | SOFT_REFRESH);
        for (int tries = 1; tries <= TRIES_MAX; tries++) {
            boolean isHit = read(session, bench, Mutation.NO_FILL);
            if (!isHit && waits.await(session, bench)) {
                return;
            }
            if (tries == 1) {
                count(bench, isHit);
            }
            if (mayLease ? answerOrLease(session, bench, isHit) : answer(session, bench, isHit)) {
                return;
            }
        }
        leases.answerOthers(bench);
    }

    private void count(Workbench bench, boolean isHit) {
        regions.countRead(bench.request.regionId, isHit);
        tap.read(bench, isHit);
        if (waits.isAttached() && (!isHit || bench.isFromDisk)) {
            waits.countRead(isHit);
        }
    }

    /**
     * @param token of a lease that a value past its soft expiry is to come with, or NO_FILL
     */
    private boolean read(Session session, Workbench bench, long token) {
        PushQueue queue = session.pushes();
        if (queue != null && bench.request.hasFlag(TRACK)) {
            track(queue, bench);
        }
        bench.sink.begin(bench.request, bench.reply, session, mayTakePieces(session, bench));
        bench.sink.grant(token);
        boolean isHit = look(session, bench);
        if (isHit && queue != null) {
            pushes.noteRead(queue, bench.request.regionId, bench.mutation.key);
        }
        return isHit;
    }

    /** Looks at memory, then at what was fetched; again while the key may be on its way between. */
    private boolean look(Session session, Workbench bench) {
        Key key = bench.mutation.key;
        bench.isFromDisk = false;
        for (int looks = 0; looks < LOOKS_MAX; looks++) {
            long changes = waits.changes(key);
            if (store.get(key, session.nowMillis(), bench.sink) == ReadStatus.HIT) {
                return true;
            }
            if (!waits.isAttached()) {
                return false;
            }
            if (waits.readFetched(session, bench)) {
                bench.isFromDisk = true;
                return true;
            }
            if (waits.mayHold(key) || waits.changes(key) == changes) {
                return false;
            }
        }
        return false;
    }

    /** A clear since the request was admitted may have come before the mark: see {@link Pushes}. */
    private void track(PushQueue queue, Workbench bench) {
        Request request = bench.request;
        Key key = bench.mutation.key;
        pushes.track(queue, request.regionId, key);
        int space = regions.space(request.regionId);
        if (space != key.space()) {
            bench.ahead.wrapKey(key, space, request.frame, request.keyOffset, request.keyBytes);
            pushes.track(queue, request.regionId, key);
        }
    }

    /** False if the key is not any more as it was read. */
    private boolean answerOrLease(Session session, Workbench bench, boolean isHit) {
        if (isHit) {
            boolean isDue =
                    bench.sink.isStale()
                            && bench.request.hasFlag(SOFT_REFRESH)
                            && !bench.isFromDisk; // it could not be taken back
            return isDue ? refresh(session, bench) : answer(session, bench, true);
        }
        if (!bench.request.hasFlag(LEASE_ON_MISS)) {
            return answer(session, bench, false);
        }
        switch (leases.acquire(session, bench, Mutation.VERSION_ABSENT, true)) {
            case YOURS ->
                    bench.reply.withNumber(
                            Status.LEASE_YOURS, ExtensionType.LEASE, bench.lease.token);
            case OTHERS -> leases.answerOthers(bench);
            case FULL -> answer(session, bench, false);
            case PARKED -> {
                // is answered later
            }
            case CHANGED -> {
                return false;
            }
        }
        return true;
    }

    /** The value is read once more if it is to come with a lease: nothing may be in between. */
    private boolean refresh(Session session, Workbench bench) {
        long version = bench.sink.version();
        Answer lease = leases.acquire(session, bench, version, false);
        if (lease == Answer.CHANGED) {
            return false;
        }
        if (lease != Answer.YOURS) {
            return answer(session, bench, true);
        }
        boolean isSame =
                read(session, bench, bench.lease.token)
                        && bench.sink.isStale()
                        && bench.sink.version() == version;
        if (!isSame) {
            leases.giveBack(bench);
            return false;
        }
        commit(session, bench, Status.REFRESH_YOURS);
        return true;
    }

    void getAndTouch(Session session, Workbench bench) {
        Request request = bench.request;
        long nowMillis = session.nowMillis();
        Mutation mutation = bench.mutation.reset();
        mutation.expiryMillis =
                Lifetime.expiryMillis(
                        request, nowMillis, regions.defaultTtlMillis(request.regionId));
        bench.sink.begin(request, bench.reply, session, mayTakePieces(session, bench));
        WriteStatus status = store.touch(mutation, nowMillis, bench.sink);
        if (status == WriteStatus.OVERFLOWED) {
            waits.awaitOrRefuse(session, bench);
            return;
        }
        regions.countRead(request.regionId, status == WriteStatus.DONE);
        answer(session, bench, status == WriteStatus.DONE);
    }

    private static boolean mayTakePieces(Session session, Workbench bench) {
        return session.takesPieces() && !bench.isInBatch;
    }

    private static boolean answer(Session session, Workbench bench, boolean isHit) {
        Request request = bench.request;
        if (isHit) {
            boolean saysStale = bench.sink.isStale() && request.hasFlag(ALLOW_STALE | SOFT_REFRESH);
            commit(session, bench, saysStale ? Status.OK_STALE : Status.OK);
        } else if (!request.hasFlag(QUIET)) {
            bench.reply.empty(Status.MISS);
        }
        return true;
    }

    private static void commit(Session session, Workbench bench, Status status) {
        bench.sink.commit(bench.reply, status);
        LargeValue pieces = bench.sink.takePieces();
        if (pieces != null) {
            session.outgoing().add(pieces, bench.reply.opcode(), bench.reply.requestId());
        }
    }
}
