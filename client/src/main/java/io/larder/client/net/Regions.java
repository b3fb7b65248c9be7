package io.larder.client.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.ProtocolViolationException;
import io.larder.client.api.ServerException;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the client's regions on the server that one link is connected to now. One thread: the
 * event loop.
 */
/*
 * Ids hold as long as the server's boot id does. The first call to a region that is not open is
 * parked, and so are the next; an OPEN_REGION goes before everything that waits. When it is
 * answered, the parked calls go before everything that waits, in their order. An error of the
 * server fails them; a lost connection or a timeout puts them back, to try again until their own
 * deadlines.
 */
final class Regions {
    private final List<OpenRegion> regions =
            new ArrayList<>(); // that calls have named on this link
    private @Nullable OpenRegion[] byIndex = new @Nullable OpenRegion[4];
    private final WaitingCalls waiting;
    private final Completion completion;
    private final LongSupplier nanoClock;
    private final long timeoutNanos;
    private long bootId;

    /**
     * @param waiting where calls to be sent are put
     * @param timeoutNanos for opening one
     */
    Regions(
            WaitingCalls waiting,
            Completion completion,
            LongSupplier nanoClock,
            long timeoutNanos) {
        this.waiting = waiting;
        this.completion = completion;
        this.nanoClock = nanoClock;
        this.timeoutNanos = timeoutNanos;
        add(new OpenRegion(Region.DEFAULT, ProtocolLimits.REGION_ID_DEFAULT));
    }

    /**
     * A connection is ready: forgets the ids if another server, or another start of it, answers.
     */
    void onConnected(long newBootId) {
        if (newBootId == bootId) {
            return;
        }
        bootId = newBootId;
        for (OpenRegion region : regions) {
            if (!region.region.isDefault()) {
                region.id = OpenRegion.UNKNOWN;
            }
        }
    }

    /** The id of a region on the connected server, or {@link OpenRegion#UNKNOWN}. */
    int idOf(Region region) {
        OpenRegion known = at(region.index());
        return known == null ? OpenRegion.UNKNOWN : known.id;
    }

    /** The region of an id on the connected server; null if no call has named it. */
    @Nullable Region ofId(int id) {
        for (OpenRegion region : regions) {
            if (region.id == id) {
                return region.region;
            }
        }
        return null;
    }

    private @Nullable OpenRegion at(int index) {
        return index < byIndex.length ? byIndex[index] : null;
    }

    private void add(OpenRegion region) {
        int index = region.region.index();
        if (index >= byIndex.length) {
            byIndex = Arrays.copyOf(byIndex, Math.max(index + 1, byIndex.length * 2));
        }
        byIndex[index] = region;
        regions.add(region);
    }

    /** Keeps a call until its region is open, and sees to that. */
    void park(Call<?> call) {
        OpenRegion region = known(call.request.region);
        region.parked.addLast(call);
        if (!region.opening) {
            region.opening = true;
            waiting.addFirst(openCall(region));
        }
    }

    private OpenRegion known(Region region) {
        OpenRegion known = at(region.index());
        if (known == null) {
            known = new OpenRegion(region, OpenRegion.UNKNOWN);
            add(known);
        }
        return known;
    }

    private Call<Integer> openCall(OpenRegion region) {
        byte[] name = region.region.name().getBytes(UTF_8);
        Request request = Request.of(Opcode.OPEN_REGION, 0, Region.DEFAULT, null, name);
        Call<Integer> call =
                Call.internal(request, ReplyReaders.REGION_ID, nanoClock.getAsLong(), timeoutNanos);
        var unused = call.whenComplete((id, failure) -> onAnswered(region, id, failure));
        return call;
    }

    private void onAnswered(OpenRegion region, @Nullable Integer id, @Nullable Throwable failure) {
        region.opening = false;
        if (id != null) {
            region.id = id;
            region.parked.moveBefore(waiting);
        } else if (failure instanceof ServerException refused) {
            String text = "region " + region.region.name() + ": " + refused.getMessage();
            int code = refused.statusCode();
            String name = refused.statusName();
            region.parked.removeAll(
                    call -> completion.fail(call, new ServerException(text, code, name, false)));
        } else if (failure instanceof ProtocolViolationException) {
            String text = "region " + region.region.name() + ": " + failure.getMessage();
            region.parked.removeAll(
                    call ->
                            completion.fail(
                                    call, new ProtocolViolationException(text, failure, false)));
        } else {
            region.parked.moveBefore(waiting);
        }
    }

    boolean hasParked() {
        for (OpenRegion region : regions) {
            if (!region.parked.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** As {@link WaitingCalls#expire}, for all regions. */
    void expire(long nowNanos, Consumer<Call<?>> removed) {
        for (OpenRegion region : regions) {
            region.parked.expire(nowNanos, removed);
        }
    }

    /** As {@link WaitingCalls#removeAll}, for all regions. */
    void removeAll(Consumer<Call<?>> removed) {
        for (OpenRegion region : regions) {
            region.parked.removeAll(removed);
        }
    }
}
