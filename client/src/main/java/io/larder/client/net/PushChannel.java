package io.larder.client.net;

import io.larder.client.net.CopyKeeper.DropReason;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.MalformedMessageException;
import io.larder.protocol.Opcode;
import io.larder.protocol.PushBody;
import io.larder.protocol.SyncReply;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of changes over one connection after the other: hands each push to those who
 * keep copies of the region, and to those who hold hot keys, sees that none is missing, and asks
 * every heartbeat if somebody keeps copies. Belongs to the event loop but for {@link #register},
 * {@link #freshness} and {@link #isOpen}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of timers: the beat sees to its own failures
/*
 * Pushes are numbered from 1 on each connection, and a SYNC's reply repeats the last number. Where a
 * number is not the one after the last, or the reply's is not the last, a push was lost or comes
 * late: everything is dropped, and the number is taken for the last one. So a push that was overtaken
 * has everything dropped twice, and one that is missing at the very end is missed by the next SYNC.
 *
 * Silence is noticed when a heartbeat is due. That is not what bounds the age of a copy: whoever
 * serves one looks at the clock (Freshness).
 */
final class PushChannel {
    /** Heartbeats without an answer after which nothing is served: the bound of a copy's age. */
    private static final int HEARTBEATS_MAX = 2;

    /** SYNCs under way at a time. */
    private static final int SYNCS_MAX = 8;

    private record Keeper(Region region, CopyKeeper copies) {}

    private final List<Keeper> keepers = new CopyOnWriteArrayList<>();
    private final Freshness freshness = new Freshness();
    private final Consumer<Call<?>> sender;
    private final Regions regions;
    private final HeldKeys held;
    private final EventLoop eventLoop;
    private final LongSupplier nanoClock;
    private volatile boolean open;
    private volatile long heartbeatNanos = Long.MAX_VALUE;
    private int sequence; // of the last push
    private int syncs; // under way
    private boolean silent = true;
    private @Nullable Future<?> nextBeat;

    /**
     * @param sender sends a call before all that wait
     */
    PushChannel(
            Consumer<Call<?>> sender,
            Regions regions,
            HeldKeys held,
            EventLoop eventLoop,
            LongSupplier nanoClock) {
        this.sender = sender;
        this.regions = regions;
        this.held = held;
        this.eventLoop = eventLoop;
        this.nanoClock = nanoClock;
    }

    Freshness freshness() {
        return freshness;
    }

    /** Whether the server that is connected tells of changes. */
    boolean isOpen() {
        return open;
    }

    /** Any thread. Locking: this object's monitor. */
    synchronized void register(Region region, CopyKeeper copies, long heartbeatMillis) {
        keepers.add(new Keeper(region, copies));
        heartbeatNanos = Math.min(heartbeatNanos, TimeUnit.MILLISECONDS.toNanos(heartbeatMillis));
        try {
            eventLoop.execute(this::beatNow);
        } catch (RejectedExecutionException ended) {
            open = false; // and nothing will be heard any more
        }
    }

    /** A connection is ready, on which nothing has been told yet. */
    void onConnected(boolean takesPushes) {
        sequence = 0;
        silent = true;
        open = takesPushes;
        beatNow();
    }

    /** Nothing more is sent over the connection, or it is gone. */
    void onClosed() {
        if (!open) {
            return;
        }
        open = false;
        if (nextBeat != null) {
            nextBeat.cancel(false);
        }
        freshness.lost();
        dropAll(DropReason.DISCONNECTED);
    }

    private void beatNow() {
        if (nextBeat != null) {
            nextBeat.cancel(false);
        }
        if (open && !keepers.isEmpty()) {
            long nowNanos = nanoClock.getAsLong();
            long periodNanos = heartbeatNanos;
            noteSilence(nowNanos, periodNanos);
            sync(nowNanos, periodNanos);
            nextBeat = eventLoop.schedule(this::beatNow, periodNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void noteSilence(long nowNanos, long periodNanos) {
        if (!silent && !freshness.isWithin(HEARTBEATS_MAX * periodNanos, nowNanos)) {
            silent = true;
            dropAll(DropReason.SILENCE);
        }
    }

    private void sync(long sentNanos, long periodNanos) {
        if (syncs == SYNCS_MAX) {
            return;
        }
        syncs++;
        Call<Boolean> call =
                Call.internal(
                        Request.bare(Opcode.SYNC, Region.DEFAULT),
                        reply -> onSynced(reply, sentNanos),
                        sentNanos,
                        HEARTBEATS_MAX * periodNanos);
        call.whenComplete((heard, failure) -> syncs--);
        sender.accept(call);
    }

    /** Read here and not where the call completes: in its place among the pushes. */
    private boolean onSynced(Reply reply, long sentNanos) {
        int last = SyncReply.read(reply.buffer(), reply.valueOffset(), reply.valueBytes());
        if (last != sequence) {
            dropAll(DropReason.GAP);
        }
        sequence = last;
        silent = false;
        freshness.synced(sentNanos);
        return true;
    }

    /** A push came; returns null, or why the connection is to be closed. */
    @Nullable String onPush(ByteBuf buffer, int offset) {
        int number = FrameHeader.requestId(buffer, offset);
        if (number == 0) {
            return null;
        }
        if (number != (sequence == -1 ? 1 : sequence + 1)) {
            dropAll(DropReason.GAP);
        }
        sequence = number;
        Opcode opcode = Opcode.of(FrameHeader.opcode(buffer, offset));
        try {
            if (opcode == Opcode.INVALIDATE) {
                onInvalidate(buffer, offset);
            } else if (opcode == Opcode.INVALIDATE_ALL) {
                onInvalidateAll(buffer, offset);
            } else if (opcode == Opcode.HOT_KEY && held.isWanted()) {
                onHotKey(buffer, offset);
            }
        } catch (MalformedMessageException e) {
            return "unreadable push: " + e.getMessage();
        }
        return null;
    }

    private void onInvalidate(ByteBuf buffer, int offset) {
        int regionId = FrameHeader.regionId(buffer, offset);
        for (Keeper keeper : keepers) {
            if (regions.idOf(keeper.region()) == regionId) {
                keeper.copies().changed(keyOf(buffer, offset));
            }
        }
        Region region = regions.ofId(regionId);
        if (region != null) {
            held.forget(region, keyOf(buffer, offset));
        }
    }

    private static byte[] keyOf(ByteBuf buffer, int offset) {
        byte[] key = new byte[FrameHeader.keyBytes(buffer, offset)];
        buffer.getBytes(FrameHeader.keyOffset(buffer, offset), key);
        return key;
    }

    private void onHotKey(ByteBuf buffer, int offset) {
        long keepMillis =
                PushBody.keepMillis(
                        buffer,
                        FrameHeader.valueOffset(buffer, offset),
                        FrameHeader.valueBytes(buffer, offset));
        Region region = regions.ofId(FrameHeader.regionId(buffer, offset));
        if (region != null) {
            held.told(region, keyOf(buffer, offset), keepMillis);
        }
    }

    private void onInvalidateAll(ByteBuf buffer, int offset) {
        int scope =
                PushBody.scope(
                        buffer,
                        FrameHeader.valueOffset(buffer, offset),
                        FrameHeader.valueBytes(buffer, offset));
        int regionId = FrameHeader.regionId(buffer, offset);
        for (Keeper keeper : keepers) {
            if (scope != PushBody.SCOPE_REGION || regions.idOf(keeper.region()) == regionId) {
                keeper.copies().dropAll(DropReason.TOLD);
            }
        }
        Region region = scope == PushBody.SCOPE_REGION ? regions.ofId(regionId) : null;
        if (region != null) {
            held.forgetAll(region);
        } else {
            held.dropAll();
        }
    }

    private void dropAll(DropReason reason) {
        held.dropAll();
        for (Keeper keeper : keepers) {
            keeper.copies().dropAll(reason);
        }
    }
}
