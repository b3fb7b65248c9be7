package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one link that are not done, wherever they are, and how each of them ends. Any thread
 * may {@link #admit} and {@link #handOff} calls; all else belongs to the event loop.
 */
/*
 *   callers                 |  event loop
 *                           |
 *   window --> hand-off ====|==> waiting --> flusher --> connection --> server
 *     ^                     |      ^  ^         |                         |
 *     |                     |      |  |      pending <--- dispatcher <----+
 *     |                     |      |  +- delayed <--(busy)--+ |
 *     +---------------------|------|---- completion <---------+
 *                           |   parked (regions)
 *
 * While there is no connection, what waits stays, fails, or is handed to another link, as the
 * client was told. A call that is handed over leaves this window and enters the other's.
 *
 * A call is always in exactly one of hand-off, waiting, parked, delayed, pending, or being joined
 * of its pieces, until it is done or another link's; the link's ticks have all of them looked into
 * for overdue ones while there are any. When the link closes, all of them are emptied, and from
 * then on whatever comes out of the hand-off fails at once. So no future is ever forgotten.
 */
final class CallsUnderWay {
    private final WhenDisconnected whenDisconnected;
    private final LongSupplier nanoClock;
    private final ConnectionCycle cycle;
    private final CircuitBreaker circuit;
    private final Function<Call<?>, @Nullable ServerLink> detour;
    private final HandOff handOff = new HandOff();
    private final Window window;
    private final Completion completion;
    private final Failures failures;
    private final Entrance entrance;
    private final WaitingCalls waiting = new WaitingCalls();
    private final WaitingCalls delayed = new WaitingCalls();
    private final PendingRequests pending;
    private final Regions regions;
    private final BatchFlusher flusher;
    private final Dispatcher dispatcher;
    private final Retries retries;

    /**
     * @param cycle asked for the connection, and why there is none
     * @param held told of every change
     * @param detour the link to hand a call to that cannot be sent now, or null; asked with {@link
     *     WhenDisconnected#NEXT_SERVER} only
     */
    CallsUnderWay(
            LinkSettings settings,
            ConnectionCycle cycle,
            CircuitBreaker circuit,
            HeldKeys held,
            Function<Call<?>, @Nullable ServerLink> detour) {
        LarderOptions options = settings.options();
        this.whenDisconnected = options.whenDisconnected();
        this.nanoClock = settings.nanoClock();
        this.cycle = cycle;
        this.circuit = circuit;
        this.detour = detour;
        this.window = new Window(options.windowRequests(), options.windowBytes(), nanoClock);
        this.completion = new Completion(window, options.callbackExecutor(), held);
        this.failures = new Failures(settings.address());
        this.entrance = new Entrance(window, failures);
        this.pending = new PendingRequests(options.windowRequests(), nanoClock.getAsLong());
        this.retries = new Retries(options, nanoClock, settings.random());
        long openNanos = TimeUnit.MILLISECONDS.toNanos(options.requestTimeoutMillis());
        this.regions = new Regions(waiting, completion, nanoClock, openNanos);
        this.flusher = new BatchFlusher(waiting, pending, regions, completion, failures, nanoClock);
        this.dispatcher =
                new Dispatcher(
                        pending,
                        delayed,
                        completion,
                        failures,
                        retries,
                        circuit,
                        new Joiner(
                                settings.connection().largeValues(),
                                settings.eventLoop(),
                                completion,
                                failures));
    }

    Window window() {
        return window;
    }

    Failures failures() {
        return failures;
    }

    Regions regions() {
        return regions;
    }

    /** What is sent and unanswered. */
    PendingRequests pending() {
        return pending;
    }

    /**
     * Takes room for a call; null, or why there is none. Any thread.
     *
     * <p>Locking: as {@link Entrance#admit}.
     */
    @Nullable LarderException admit(Call<?> call, Admission admission) {
        return entrance.admit(call, admission);
    }

    /** Takes a call; returns true if the event loop is to be told. Any thread. */
    boolean handOff(Call<?> call) {
        return handOff.push(call);
    }

    /** Everything that was handed off waits from now on. */
    void takeHandedOff() {
        Call<?> call = handOff.takeAll();
        while (call != null) {
            Call<?> following = call.next;
            call.next = null;
            waiting.addLast(call);
            call = following;
        }
    }

    /** The client is closed. Any thread, once the event loop takes nothing more. */
    void failHandedOff() {
        Call<?> call = handOff.takeAll();
        while (call != null) {
            Call<?> following = call.next;
            failClosed(call);
            call = following;
        }
    }

    /** Has a call of the client's own sent before all that wait. */
    void waitFirst(Call<?> call) {
        waiting.addFirst(call);
    }

    /** Sends what can be sent; if there is no connection, deals with what waits for one. */
    void sendOrSettle() {
        Connection ready = cycle.ready();
        if (ready == null) {
            settleWaiting();
        } else {
            flush(ready);
        }
    }

    /** Sends what can be sent. */
    void flush(Connection ready) {
        try {
            flusher.flush(ready);
        } catch (RuntimeException | OutOfMemoryError e) {
            flusher.discard();
            ready.close("cannot send: " + e);
        }
    }

    /** Deals with what waits while there is no connection. */
    void settleWaiting() {
        switch (whenDisconnected) {
            case WAIT -> {
                // until there is one, or their deadlines
            }
            case FAIL_FAST -> {
                if (!cycle.isEndExpected()) {
                    waiting.removeAll(
                            call ->
                                    completion.fail(
                                            call,
                                            failures.notConnected(call, cycle.lastFailure())));
                }
            }
            case NEXT_SERVER -> waiting.removeIf(this::isHandedOver);
        }
    }

    private boolean isHandedOver(Call<?> call) {
        ServerLink other = call.internal ? null : detour.apply(call);
        if (other == null) {
            return false;
        }
        window.release(call.frameBytes());
        other.submit(call, Admission.CONTINUE);
        return true;
    }

    /** A reply came; returns null, or why the connection is to be closed. */
    @Nullable String onReply(Reply reply) {
        return dispatcher.onReply(reply);
    }

    /** The connection is gone: what it has left unanswered is tried again, or fails. */
    void onLost(IOException reason) {
        dispatcher.forgetPieces();
        flusher.discard();
        pending.releaseAll(call -> onLost(call, reason));
    }

    private void onLost(Call<?> call, IOException reason) {
        countFailure(call);
        call.wasLost = true;
        if (!retries.takesLost(call)) {
            completion.fail(call, failures.connectionLost(call, reason));
        } else if (whenDisconnected != WhenDisconnected.NEXT_SERVER || !isHandedOver(call)) {
            delayed.addLast(call);
        }
    }

    /** The caller of a call wants it no more. What is not pending goes with the next tick. */
    void letGo(Call<?> call) {
        int slot = pending.slotOf(call.id);
        if (slot >= 0 && pending.callAt(slot) == call) {
            pending.abandon(slot);
            completion.fail(call, failures.unsentTimeout(call)); // is cancelled, and stays so
            takeBack(call);
        }
    }

    private void takeBack(Call<?> call) {
        Connection ready = cycle.ready();
        if (ready != null && ready.takesCancel()) {
            flusher.cancel(ready, call.id);
        }
    }

    /** Whether there is any but those that were handed off a moment ago. */
    boolean hasAny() {
        return pending.unanswered() > 0
                || !waiting.isEmpty()
                || !delayed.isEmpty()
                || regions.hasParked();
    }

    /** Ends what is overdue, and has what was delayed wait again whose time has come. */
    void expire(long nowNanos) {
        pending.expire(nowNanos, this::failSent);
        waiting.expire(nowNanos, this::failUnsent);
        regions.expire(nowNanos, this::failUnsent);
        delayed.expire(nowNanos, this::failUnsent);
        delayed.moveDue(nowNanos, waiting);
    }

    private void failSent(Call<?> call) {
        countFailure(call);
        completion.fail(call, failures.sentTimeout(call));
        if (dispatcher.isReceiving(call.id)) {
            takeBack(call); // the deadline has told the server of all else
        }
    }

    private void failUnsent(Call<?> call) {
        countFailure(call);
        completion.fail(
                call,
                cycle.ready() != null
                        ? failures.unsentTimeout(call)
                        : failures.notConnected(call, cycle.lastFailure()));
    }

    private void countFailure(Call<?> call) {
        if (!call.internal && !call.isDone()) {
            circuit.onFailure(nanoClock.getAsLong());
        }
    }

    /** The client is closed: ends all there are. */
    void failAll() {
        failHandedOff();
        pending.releaseAll(call -> completion.fail(call, failures.closed(call, true)));
        delayed.removeAll(this::failClosed);
        regions.removeAll(this::failClosed);
        waiting.removeAll(this::failClosed);
    }

    private void failClosed(Call<?> call) {
        completion.fail(call, failures.closed(call, false));
    }
}
