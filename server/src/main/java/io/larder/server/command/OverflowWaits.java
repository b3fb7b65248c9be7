package io.larder.server.command;

import static io.larder.protocol.RequestFlag.IF_NEWER;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.ONLY_PRESENT;
import static io.larder.protocol.RequestFlag.SOFT_REFRESH;

import io.larder.protocol.BatchFrames;
import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.larder.server.store.ItemView;
import io.larder.server.store.Key;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.store.Store;
import io.larder.server.store.ValueSink;
import io.larder.server.tier.OverflowTier;
import io.larder.server.tier.OverflowTier.FetchWaiter;
import io.larder.server.tier.OverflowTier.Fetched;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Requests whose key's value may be on disk. Stateless; any event loop. */
/*
 *   GET                   memory misses · the tier names a stamp -> parked, fetched -> carried out
 *                         again: memory, else what was fetched, if the store says that it still is
 *                         the key's
 *   what depends on it    the store answers OVERFLOWED -> parked, fetched and taken back into memory
 *                         -> carried out again, as if it had been there all the time
 *   BATCH                 before its first operation: parked until all of its keys were fetched
 *
 * A request that cannot wait, as its connection takes no late replies or it is a value's last piece,
 * has the value fetched all the same, for when it comes again: a GET is a miss, a write is BUSY. So
 * is one whose value is gone from memory again whenever it is carried out.
 */
final class OverflowWaits {
    /** How often a request waits before it is answered as well as can be. */
    private static final int WAITS_MAX = 4;

    private static final int CONDITIONS = ONLY_ABSENT | ONLY_PRESENT | IF_VERSION | IF_NEWER;

    private static final FetchWaiter NOBODY = fetched -> {};

    private static final ValueSink PRESENCE =
            new ValueSink() {
                @Override
                public void accept(ItemView item) {}

                @Override
                public boolean countsAsUse() {
                    return false;
                }
            };

    private final OverflowTier tier;
    private final Store store;
    private final RegionTable regions;
    private final CommandLimits limits;

    OverflowWaits(CommandServices services) {
        tier = services.overflow();
        store = services.store();
        regions = services.regions();
        limits = services.limits();
    }

    boolean isAttached() {
        return tier.isAttached();
    }

    /** See {@link OverflowTier#changes}. */
    long changes(Key key) {
        return tier.changes(key);
    }

    /** Whether the key may have a value on disk, and not only one that was looked at in vain. */
    boolean mayHold(Key key) {
        return tier.stamp(key) != ShardOverflow.NONE;
    }

    /**
     * Gives the present request's key's value to the bench's sink, if it was fetched, and counts.
     */
    boolean readFetched(Session session, Workbench bench) {
        ParkedRequest resumed = bench.resumed;
        Key key = bench.mutation.key;
        Fetched fetched = resumed == null ? null : resumed.fetched(key.hash());
        return fetched != null
                && tier.read(key, fetched, session.nowMillis(), bench.sink) == ReadStatus.HIT;
    }

    /** Counts a GET that memory had no answer for, once it is answered. */
    void countRead(boolean isHit) {
        tier.countRead(isHit);
    }

    /** Has the present GET, which is a miss in memory, wait; false if there is nothing to come. */
    boolean await(Session session, Workbench bench) {
        return await(session, bench, takesBackAtOnce(bench.request));
    }

    /** Where reads put an item's end off, and where it is to be refreshed, it has to be there. */
    private boolean takesBackAtOnce(Request request) {
        return request.hasFlag(SOFT_REFRESH)
                || regions.settings(request.regionId).maxIdleMillis() > 0;
    }

    /** Has the present request, which was OVERFLOWED, wait, or refuses it for now. */
    void awaitOrRefuse(Session session, Workbench bench) {
        if (!await(session, bench, true)) {
            refuse(bench);
        }
    }

    /** Has a key's value taken back into memory. */
    void fetchForNextTime(Key key) {
        long stamp = tier.stamp(key);
        if (stamp != ShardOverflow.NONE) {
            var unused = tier.fetch(key, stamp, true, NOBODY);
        }
    }

    /** Answers that the value is not there yet. */
    void refuse(Workbench bench) {
        bench.reply.error(
                Status.BUSY,
                ErrorBody.of("value", "on its way from disk", "in memory")
                        .withRetryAfterMillis(limits.retryAfterMillis()));
    }

    private boolean await(Session session, Workbench bench, boolean takeBack) {
        ParkedRequests parked = session.parked;
        Key key = bench.mutation.key;
        long stamp = tier.stamp(key);
        if (stamp == ShardOverflow.NONE) {
            return false;
        }
        if (parked == null || bench.isInBatch) {
            fetchForNextTime(key);
            return false;
        }
        ParkedRequest request = bench.resumed;
        if (request == null) {
            request = parked.copyOf(bench.request, session.arrivalMillis());
        }
        if (request.fetches == WAITS_MAX) {
            return false;
        }
        request.beginFetches(1);
        if (!tier.fetch(key, stamp, takeBack, request)) {
            return false;
        }
        parked.parkForFetch(request, tier);
        return true;
    }

    // ---- batches

    private record Wanted(Key key, long stamp, boolean takeBack) {}

    /** Has the present BATCH wait for all of its keys that are on disk; false if none is. */
    boolean awaitBatch(Session session, Workbench bench) {
        ParkedRequests parked = session.parked;
        if (parked == null || bench.resumed != null || !tier.isAttached()) {
            return false;
        }
        List<Wanted> wanted = wanted(session, bench);
        if (wanted.isEmpty()) {
            return false;
        }
        ParkedRequest request = parked.copyOf(bench.request, session.arrivalMillis());
        request.beginFetches(wanted.size() + 1); // one until all have been asked for
        for (Wanted each : wanted) {
            if (!tier.fetch(each.key, each.stamp, each.takeBack, request)) {
                request.oneLess();
            }
        }
        parked.parkForFetch(request, tier);
        request.oneLess();
        return true;
    }

    private List<Wanted> wanted(Session session, Workbench bench) {
        List<Wanted> wanted = new ArrayList<>(0);
        ByteBuf frame = bench.request.frame;
        BatchFrames frames = new BatchFrames(FrameDirection.TO_SERVER);
        frames.wrap(frame, bench.request.valueOffset, bench.request.valueBytes);
        Key key = new Key();
        while (frames.next() == BatchFrames.Step.FRAME) {
            int offset = frames.frameOffset();
            if (!dependsOnValue(frame, offset)) {
                continue;
            }
            int space = regions.space(FrameHeader.regionId(frame, offset));
            int keyBytes = FrameHeader.keyBytes(frame, offset);
            bench.ahead.wrapKey(key, space, frame, FrameHeader.keyOffset(frame, offset), keyBytes);
            long stamp = tier.stamp(key);
            if (stamp != ShardOverflow.NONE
                    && store.get(key, session.nowMillis(), PRESENCE) == ReadStatus.MISS) {
                boolean isGet = FrameHeader.opcode(frame, offset) == Opcode.GET.code();
                wanted.add(new Wanted(key, stamp, !isGet));
                key = new Key();
            }
        }
        return wanted;
    }

    private boolean dependsOnValue(ByteBuf frame, int offset) {
        Opcode opcode = Opcode.of(FrameHeader.opcode(frame, offset));
        int keyBytes = FrameHeader.keyBytes(frame, offset);
        return opcode != null
                && opcode.isBatchable()
                && keyBytes > 0
                && keyBytes <= limits.keyBytesMax()
                && regions.space(FrameHeader.regionId(frame, offset)) != RegionTable.NONE
                && (opcode != Opcode.SET || (FrameHeader.flags(frame, offset) & CONDITIONS) != 0);
    }
}
