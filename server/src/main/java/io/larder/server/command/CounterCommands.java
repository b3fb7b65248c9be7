package io.larder.server.command;

import static io.larder.protocol.RequestFlag.IF_VERSION;

import io.larder.protocol.ExtensionType;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;

/** INCREMENT. Stateless; any event loop. */
final class CounterCommands {
    private final Store store;
    private final RegionTable regions;
    private final WriteReplies replies;

    CounterCommands(CommandServices services, WriteReplies replies) {
        store = services.store();
        regions = services.regions();
        this.replies = replies;
    }

    /** A lifetime is that of a number that is not there yet. */
    void increment(Session session, Workbench bench) {
        Request request = bench.request;
        long nowMillis = session.nowMillis();
        Mutation mutation = bench.mutation.reset();
        mutation.ifVersion = request.hasFlag(IF_VERSION);
        mutation.expectedVersion = request.version;
        mutation.delta = request.delta;
        mutation.createIfAbsent = request.has(ExtensionType.INITIAL);
        mutation.initial = request.initial;
        mutation.keepExpiry = true;
        mutation.expiryMillis =
                Lifetime.expiryMillis(
                        request, nowMillis, regions.defaultTtlMillis(request.regionId));
        replies.answer(session, bench, store.increment(mutation, nowMillis));
    }
}
