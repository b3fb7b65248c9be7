package io.larder.server.command;

import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.push.PushQueue;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.LargeValue;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;

/** GET and GET_AND_TOUCH. Stateless; any event loop. */
final class ReadCommands {
    private final Store store;
    private final RegionTable regions;
    private final Pushes pushes;

    ReadCommands(CommandServices services) {
        store = services.store();
        regions = services.regions();
        pushes = services.pushes();
    }

    void get(Session session, Workbench bench) {
        Request request = bench.request;
        long nowMillis = session.nowMillis();
        PushQueue queue = session.pushes();
        if (queue != null && request.hasFlag(RequestFlag.TRACK)) {
            pushes.track(queue, request.regionId, bench.mutation.key);
        }
        bench.sink.begin(request, bench.reply, nowMillis, mayTakePieces(session, bench));
        ReadStatus status = store.get(bench.mutation.key, nowMillis, bench.sink);
        regions.countRead(request.regionId, status == ReadStatus.HIT);
        answer(session, bench, status == ReadStatus.HIT);
    }

    void getAndTouch(Session session, Workbench bench) {
        Request request = bench.request;
        long nowMillis = session.nowMillis();
        Mutation mutation = bench.mutation.reset();
        mutation.expiryMillis =
                Lifetime.expiryMillis(
                        request, nowMillis, regions.defaultTtlMillis(request.regionId));
        bench.sink.begin(request, bench.reply, nowMillis, mayTakePieces(session, bench));
        WriteStatus status = store.touch(mutation, nowMillis, bench.sink);
        regions.countRead(request.regionId, status == WriteStatus.DONE);
        answer(session, bench, status == WriteStatus.DONE);
    }

    private static boolean mayTakePieces(Session session, Workbench bench) {
        return session.takesPieces() && !bench.isInBatch;
    }

    private static void answer(Session session, Workbench bench, boolean isHit) {
        if (isHit) {
            bench.sink.commit(bench.reply);
            LargeValue pieces = bench.sink.takePieces();
            if (pieces != null) {
                session.outgoing().add(pieces, bench.reply.opcode(), bench.reply.requestId());
            }
        } else if (!bench.request.hasFlag(RequestFlag.QUIET)) {
            bench.reply.empty(Status.MISS);
        }
    }
}
