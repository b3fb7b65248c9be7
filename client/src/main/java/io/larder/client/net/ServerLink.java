package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.ServerHealth;
import io.larder.protocol.HelloLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one server. Any thread may submit calls and close it; everything else happens on one
 * event loop.
 */
/*
 * What each part answers for:
 *
 *   ConnectionCycle   which connection there is, and when the next one is made
 *   CallsUnderWay     where each call is, and how it ends
 *   PushChannel       what the server tells unasked
 *   HeldKeys          which keys are hot, and their values for a moment
 *   CircuitBreaker    whether the server is to be left alone for a moment
 *   SilenceWatch      whether the connection still lives
 *
 * This one leads callers in, and tells the parts of what concerns them.
 */
final class ServerLink implements TrackedServer {
    /** Who knows where else a call may go. */
    @FunctionalInterface
    interface Detour {
        /** The link to hand a call to that {@code link} cannot send now; null: to none. */
        @Nullable ServerLink around(ServerLink link, Call<?> call);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServerLink.class);

    private final LinkSettings settings;
    private final EventLoop eventLoop;
    private final LongSupplier nanoClock;
    private final CircuitBreaker circuit;
    private final ConnectionCycle cycle;
    private final HeldKeys held;
    private final CallsUnderWay calls;
    private final PushChannel pushes;
    private final SilenceWatch silenceWatch;
    private final Ticker ticker;
    private final Runnable drainTask = this::drain;

    private volatile boolean closing; // set by any thread, before the event loop is told

    /**
     * @param detour asked with {@link WhenDisconnected#NEXT_SERVER} only; on the event loop
     */
    ServerLink(LinkSettings settings, Detour detour) {
        this.settings = settings;
        this.eventLoop = settings.eventLoop();
        this.nanoClock = settings.nanoClock();
        this.circuit =
                new CircuitBreaker(
                        settings.options().circuitFailurePercent(), nanoClock.getAsLong());
        this.cycle = new ConnectionCycle(settings, new LinkTraffic());
        this.held = new HeldKeys(settings.options().hotKeyAgeMillisMax(), eventLoop, nanoClock);
        this.calls =
                new CallsUnderWay(
                        settings, cycle, circuit, held, call -> detour.around(this, call));
        this.pushes = new PushChannel(this::sendFirst, calls.regions(), held, eventLoop, nanoClock);
        this.silenceWatch = new SilenceWatch(settings.options().silenceTimeoutMillis());
        this.ticker = new Ticker(eventLoop, calls::hasAny, this::onTick);
    }

    /** Begins to connect. The future tells how the first attempt ended. */
    CompletableFuture<@Nullable Void> start() {
        return cycle.start();
    }

    /** What the server last connected to allows; before that, what any server does. */
    HelloLimits knownLimits() {
        return cycle.knownLimits();
    }

    @Override
    public Freshness freshness() {
        return pushes.freshness();
    }

    @Override
    public boolean tellsChanges() {
        return pushes.isOpen();
    }

    /** Has a keeper of copies told of a region's changes. Any thread. */
    void register(Region region, CopyKeeper keeper, long heartbeatMillis) {
        pushes.register(region, keeper, heartbeatMillis);
    }

    /** The hot keys that it has heard of. */
    HeldKeys held() {
        return held;
    }

    Window window() {
        return calls.window();
    }

    Failures failures() {
        return calls.failures();
    }

    /** True if a call would be sent at once. Any thread. */
    boolean isAvailable() {
        return cycle.isConnected() && circuit.mayAdmit(nanoClock);
    }

    /**
     * How it is now. Any thread.
     *
     * @param number among the connections to the same server
     */
    ServerHealth health(int number) {
        return new ServerHealth(
                settings.address().toString(),
                number,
                cycle.isConnected(),
                cycle.failedAttempts(),
                circuit.state(),
                window().calls());
    }

    /**
     * Sends a call as soon as possible; it completes in any case. Any thread.
     *
     * <p>Locking: none; with {@link Admission#WAIT} it parks the calling thread while the window is
     * full.
     */
    void submit(Call<?> call, Admission admission) {
        call.link = this;
        held.forget(call.request);
        LarderException refusal =
                closing ? failures().closed(call, false) : refusal(call, admission);
        if (refusal != null) {
            call.completeExceptionally(refusal);
        } else if (calls.handOff(call)) {
            wakeUp();
        }
    }

    private @Nullable LarderException refusal(Call<?> call, Admission admission) {
        boolean isKeptBack = admission != Admission.CONTINUE && !circuit.admits(nanoClock);
        return isKeptBack ? failures().circuitOpen(call) : calls.admit(call, admission);
    }

    private void wakeUp() {
        try {
            eventLoop.execute(drainTask);
        } catch (RejectedExecutionException e) {
            calls.failHandedOff(); // the event loop has ended: the duty to drain is this thread's
        }
    }

    private void drain() {
        if (cycle.isClosed()) {
            calls.failHandedOff();
            return;
        }
        calls.takeHandedOff();
        startTicking();
        calls.sendOrSettle();
    }

    /** The caller of a call wants it no more. Any thread. */
    void cancelled(Call<?> call) {
        executeUnlessClosed(() -> calls.letGo(call));
    }

    private void executeUnlessClosed(Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed already", e);
        }
    }

    private void sendFirst(Call<?> call) {
        calls.waitFirst(call);
        startTicking();
        flushIfReady();
    }

    private void flushIfReady() {
        Connection ready = cycle.ready();
        if (ready != null) {
            calls.flush(ready);
        }
    }

    /** Silence counts from when there is something to wait for. */
    private void startTicking() {
        if (!ticker.isTicking()) {
            silenceWatch.begin(nanoClock.getAsLong());
            ticker.keepTicking();
        }
    }

    private void onTick() {
        if (cycle.isClosed()) {
            return;
        }
        try {
            sweep(nanoClock.getAsLong());
        } catch (RuntimeException e) {
            LOG.error("sweeping the calls to {}", settings.address(), e);
        }
    }

    private void sweep(long nowNanos) {
        circuit.roll(nowNanos);
        calls.expire(nowNanos);
        giveUpIfDead(nowNanos);
        calls.sendOrSettle();
    }

    private void giveUpIfDead(long nowNanos) {
        Connection present = cycle.established();
        if (present != null) {
            String verdict = silenceWatch.verdict(present, calls.pending(), nowNanos);
            if (verdict != null) {
                present.close(verdict);
            }
        }
    }

    /** Fails all calls and closes the connection, soon, on the event loop. */
    void close() {
        closing = true;
        executeUnlessClosed(this::closeNow);
    }

    private void closeNow() {
        if (!cycle.isClosed()) {
            pushes.onClosed();
            cycle.close();
            calls.failAll();
        }
    }

    /** What the connections bring, for those whom it concerns. */
    private final class LinkTraffic implements ConnectionCycle.Traffic {
        @Override
        public void onReady(Connection ready) {
            circuit.onConnected(nanoClock.getAsLong());
            calls.regions().onConnected(ready.hello().bootId());
            pushes.onConnected(ready.tellsChanges());
            flushIfReady();
            startTicking();
        }

        @Override
        public void onFlushable(Connection ready) {
            calls.flush(ready);
        }

        @Override
        public @Nullable String onReply(Reply reply) {
            return calls.onReply(reply);
        }

        @Override
        public @Nullable String onPush(ByteBuf buffer, int offset) {
            return pushes.onPush(buffer, offset);
        }

        @Override
        public boolean isAllAnswered() {
            return calls.pending().unanswered() == 0;
        }

        @Override
        public void onDraining() {
            pushes.onClosed();
            calls.settleWaiting(); // what waits may go to another server
        }

        @Override
        public void onLost(IOException reason) {
            pushes.onClosed();
            calls.onLost(reason);
            calls.settleWaiting();
            startTicking();
        }
    }
}
