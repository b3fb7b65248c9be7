package io.larder.client.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.ProtocolViolationException;
import io.larder.client.api.ServerException;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The regions a client uses, and their ids on the server that is connected now. {@link #region} may
 * be called by any thread; all else belongs to the event loop.
 */
/*
 * Ids hold as long as the server's boot id does. The first call to a region that is not open is
 * parked, and so are the next; an OPEN_REGION goes before everything that waits. When it is
 * answered, the parked calls go before everything that waits, in their order. An error of the
 * server fails them; a lost connection or a timeout puts them back, to try again until their own
 * deadlines.
 */
final class Regions {
    /** The region that needs no opening. */
    static final Region DEFAULT = new Region("", ProtocolLimits.REGION_ID_DEFAULT);

    private static final Pattern NAME =
            Pattern.compile("[a-z0-9._-]{1," + ProtocolLimits.REGION_NAME_BYTES_MAX + "}");

    private final ConcurrentHashMap<String, Region> byName = new ConcurrentHashMap<>();
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
    }

    /**
     * The region of a name, the same one each time. Nothing is sent.
     *
     * @throws IllegalArgumentException if the protocol allows no such name
     */
    Region region(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "region: "
                            + name
                            + " (expected: 1.."
                            + ProtocolLimits.REGION_NAME_BYTES_MAX
                            + " of a-z 0-9 . _ -)");
        }
        return byName.computeIfAbsent(name, it -> new Region(it, Region.UNKNOWN));
    }

    /**
     * A connection is ready: forgets the ids if another server, or another start of it, answers.
     */
    void onConnected(long newBootId) {
        if (newBootId != bootId) {
            bootId = newBootId;
            byName.values().forEach(region -> region.id = Region.UNKNOWN);
        }
    }

    /** Keeps a call until its region is open, and sees to that. */
    void park(Call<?> call) {
        Region region = call.request.region;
        region.parked.addLast(call);
        if (!region.opening) {
            region.opening = true;
            waiting.addFirst(openCall(region));
        }
    }

    private Call<Integer> openCall(Region region) {
        Request request =
                Request.of(Opcode.OPEN_REGION, 0, DEFAULT, null, region.name.getBytes(UTF_8));
        Call<Integer> call =
                Call.internal(request, ReplyReaders.REGION_ID, nanoClock.getAsLong(), timeoutNanos);
        var unused = call.whenComplete((id, failure) -> onAnswered(region, id, failure));
        return call;
    }

    private void onAnswered(Region region, @Nullable Integer id, @Nullable Throwable failure) {
        region.opening = false;
        if (id != null) {
            region.id = id;
            region.parked.moveBefore(waiting);
        } else if (failure instanceof ServerException refused) {
            String text = "region " + region.name + ": " + refused.getMessage();
            int code = refused.statusCode();
            String name = refused.statusName();
            region.parked.removeAll(
                    call -> completion.fail(call, new ServerException(text, code, name, false)));
        } else if (failure instanceof ProtocolViolationException) {
            String text = "region " + region.name + ": " + failure.getMessage();
            region.parked.removeAll(
                    call ->
                            completion.fail(
                                    call, new ProtocolViolationException(text, failure, false)));
        } else {
            region.parked.moveBefore(waiting);
        }
    }

    boolean hasParked() {
        for (Region region : byName.values()) {
            if (!region.parked.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** As {@link WaitingCalls#expire}, for all regions. */
    void expire(long nowNanos, Consumer<Call<?>> removed) {
        for (Region region : byName.values()) {
            region.parked.expire(nowNanos, removed);
        }
    }

    /** As {@link WaitingCalls#removeAll}, for all regions. */
    void removeAll(Consumer<Call<?>> removed) {
        for (Region region : byName.values()) {
            region.parked.removeAll(removed);
        }
    }
}
