package io.larder.server.command;

import static io.larder.protocol.RequestFlag.IF_NEWER;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.MORE;
import static io.larder.protocol.RequestFlag.NEGATIVE;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.ONLY_PRESENT;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;

/** SET, DELETE, TOUCH, APPEND and PREPEND. Stateless; any event loop. */
final class WriteCommands {
    private final Store store;
    private final RegionTable regions;
    private final CommandLimits limits;
    private final WriteReplies replies;
    private final PieceCommands pieces;
    private final LeaseCommands leases;

    WriteCommands(
            CommandServices services,
            WriteReplies replies,
            PieceCommands pieces,
            LeaseCommands leases) {
        this.pieces = pieces;
        this.leases = leases;
        store = services.store();
        regions = services.regions();
        limits = services.limits();
        this.replies = replies;
    }

    void set(Session session, Workbench bench) {
        Request request = bench.request;
        Mutation mutation = bench.mutation.reset();
        boolean isPieced = request.hasFlag(MORE);
        if (!isPieced && !takeValue(bench)) {
            return;
        }
        long nowMillis = session.nowMillis();
        mutation.expiryMillis =
                Lifetime.expiryMillis(
                        request, nowMillis, regions.defaultTtlMillis(request.regionId));
        mutation.softExpiryMillis = Lifetime.softExpiryMillis(request, nowMillis);
        mutation.negative = request.hasFlag(NEGATIVE);
        mutation.fill = request.leaseToken;
        mutation.clientFlags = request.clientFlags;
        mutation.format = request.format;
        mutation.callerVersion = request.callerVersion;
        bench.tags.addTo(mutation, store.hasher(), request);
        mutation.presence =
                request.hasFlag(ONLY_ABSENT)
                        ? Presence.ABSENT
                        : request.hasFlag(ONLY_PRESENT) ? Presence.PRESENT : Presence.ANY;
        mutation.ifNewer = request.hasFlag(IF_NEWER);
        expectVersion(request, mutation);
        if (isPieced) {
            pieces.begin(session, bench, mutation);
            return;
        }
        replies.answer(
                session,
                bench,
                leases.mayWrite(mutation, nowMillis)
                        ? store.put(mutation, nowMillis)
                        : WriteStatus.CHANGED);
    }

    void delete(Session session, Workbench bench) {
        Mutation mutation = bench.mutation.reset();
        expectVersion(bench.request, mutation);
        replies.answer(session, bench, store.delete(mutation, session.nowMillis()));
    }

    void touch(Session session, Workbench bench) {
        Request request = bench.request;
        Mutation mutation = bench.mutation.reset();
        expectVersion(request, mutation);
        mutation.expiryMillis =
                Lifetime.expiryMillis(
                        request, session.nowMillis(), regions.defaultTtlMillis(request.regionId));
        replies.answer(session, bench, store.touch(mutation, session.nowMillis(), null));
    }

    void append(Session session, Workbench bench) {
        extend(session, bench, true);
    }

    void prepend(Session session, Workbench bench) {
        extend(session, bench, false);
    }

    private void extend(Session session, Workbench bench, boolean atEnd) {
        Mutation mutation = bench.mutation.reset();
        if (!takeValue(bench)) {
            return;
        }
        expectVersion(bench.request, mutation);
        replies.answer(session, bench, store.append(mutation, atEnd, session.nowMillis()));
    }

    private static void expectVersion(Request request, Mutation mutation) {
        mutation.ifVersion = request.hasFlag(IF_VERSION);
        mutation.expectedVersion = request.version;
    }

    private boolean takeValue(Workbench bench) {
        Request request = bench.request;
        int valueBytesMax = limits.valueBytesMax();
        if (request.valueBytes > valueBytesMax) {
            bench.reply.error(
                    Status.TOO_LARGE,
                    ErrorBody.of("valueLength", request.valueBytes, "0.." + valueBytesMax)
                            .withLimit(valueBytesMax));
            return false;
        }
        KeyAhead.wrapValue(bench.mutation.value, request);
        return true;
    }
}
