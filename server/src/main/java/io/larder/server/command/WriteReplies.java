package io.larder.server.command;

import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;

/** How the store's answer to a write is told on the wire. Stateless; any event loop. */
final class WriteReplies {
    private final Store store;
    private final RegionTable regions;
    private final Pushes pushes;
    private final CommandLimits limits;
    private final LeaseCommands leases;
    private final OverflowWaits waits;

    WriteReplies(CommandServices services, LeaseCommands leases, OverflowWaits waits) {
        this.waits = waits;
        this.leases = leases;
        store = services.store();
        regions = services.regions();
        pushes = services.pushes();
        limits = services.limits();
    }

    /** Answers the present request, whose mutation has been through the store. */
    void answer(Session session, Workbench bench, WriteStatus status) {
        leases.onWritten(bench.request, bench.mutation, status);
        switch (status) {
            case DONE -> done(session, bench);
            case MISSING -> missing(bench);
            case EXISTS -> bench.reply.empty(Status.EXISTS);
            case VERSION_MISMATCH ->
                    bench.reply.withNumber(
                            Status.VERSION_MISMATCH, ExtensionType.VERSION, bench.mutation.version);
            case NOT_NEWER ->
                    bench.reply.withNumber(
                            Status.NOT_NEWER,
                            ExtensionType.CALLER_VERSION,
                            bench.mutation.storedCallerVersion);
            case CHANGED -> bench.reply.empty(Status.NOT_STORED);
            case NOT_A_NUMBER -> notANumber(session, bench);
            case NUMBER_OVERFLOW -> numberOverflow(bench);
            case TOO_LARGE -> tooLarge(bench);
            case OVERFLOWED -> waits.awaitOrRefuse(session, bench);
            case TIMED_OUT, BUSY -> busy(bench);
            case OUT_OF_CAPACITY -> outOfCapacity(bench);
        }
    }

    /**
     * Where the item was evicted, a client may still keep a copy of it, which this write was to
     * end: there is nothing to be changed here, and yet it is told.
     */
    private void missing(Workbench bench) {
        pushes.changed(bench.mutation.key);
        bench.reply.empty(Status.MISS);
    }

    private static void done(Session session, Workbench bench) {
        Request request = bench.request;
        if (request.hasFlag(QUIET)) {
            return;
        }
        Mutation mutation = bench.mutation;
        long nowMillis = session.nowMillis();
        boolean isNumber = request.opcode == Opcode.INCREMENT.code();
        if (!request.hasFlag(RETURN_META)) {
            if (isNumber) {
                bench.reply.number(mutation.number);
            } else {
                bench.reply.empty(Status.OK);
            }
        } else if (isNumber) {
            bench.reply.numberAndMeta(
                    mutation.number, mutation.version, mutation.expiryMillis, nowMillis);
        } else {
            bench.reply.meta(mutation.version, mutation.expiryMillis, nowMillis);
        }
    }

    /** The value is looked up for the people who read the text; what counts is the status. */
    private void notANumber(Session session, Workbench bench) {
        ReadStatus read = store.get(bench.mutation.key, session.nowMillis(), bench.probe);
        bench.reply.error(
                Status.NOT_A_NUMBER,
                "value",
                read == ReadStatus.HIT ? bench.probe.valueText() : "gone by now",
                "a decimal number");
    }

    private static void numberOverflow(Workbench bench) {
        bench.reply.error(
                Status.NUMBER_OVERFLOW,
                "number",
                bench.mutation.number + " + " + bench.request.delta,
                "within -2^63..2^63-1");
    }

    private void outOfCapacity(Workbench bench) {
        int regionId = bench.request.regionId;
        String capacity = store.capacityOf(bench.mutation.key.space());
        if (capacity != null) {
            bench.reply.error(
                    Status.OUT_OF_CAPACITY,
                    ErrorBody.of(
                            "region " + regions.name(regionId), "full", "at most " + capacity));
            return;
        }
        long quotaBytes = regions.settings(regionId).quotaBytes();
        bench.reply.error(
                Status.OUT_OF_CAPACITY,
                ErrorBody.of(
                                "region " + regions.name(regionId),
                                "full",
                                "at most "
                                        + quotaBytes
                                        + " bytes of items, its quota, and it never evicts")
                        .withLimit(quotaBytes));
    }

    private void tooLarge(Workbench bench) {
        int valueBytesMax = store.valueBytesMax(bench.mutation.key.space());
        bench.reply.error(
                Status.TOO_LARGE,
                ErrorBody.of(
                                "valueLength",
                                bench.request.valueBytes,
                                "a value of at most " + valueBytesMax + " bytes in all")
                        .withLimit(valueBytesMax));
    }

    void busy(Workbench bench) {
        bench.reply.error(
                Status.BUSY,
                ErrorBody.of("free segments", 0, "from 1")
                        .withRetryAfterMillis(limits.retryAfterMillis()));
    }
}
