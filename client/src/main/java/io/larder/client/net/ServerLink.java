package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.ServerHealth;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one server, over one connection at a time, which it replaces when it is lost. Any
 * thread may submit calls and close it; everything else happens on one event loop.
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
 *   CONNECTING --> READY --> DRAINING --> BACKING_OFF --> CONNECTING ...    any of them --> CLOSED
 *       |            |                        ^
 *       +------------+------------------------+  failed, lost
 *
 * Draining: the server has said that it is stopping. Nothing is sent any more; what is
 * unanswered is still answered, then the connection is closed, and what was refused or has
 * waited goes over the next. Such an end is expected: no call fails for it, and the next
 * connection is tried at once, unless the server had answered nothing on this one.
 *
 * While there is no connection, what waits stays, fails, or is handed to another link, as the
 * client was told. A call that is handed over leaves this window and enters the other's.
 *
 * A call is always in exactly one of hand-off, waiting, parked, delayed, pending, or being joined
 * of its pieces, until it is done or another link's; a tick every
 * TICK_MILLIS looks into all of them for overdue ones while there are any. When the link closes, it
 * empties all of them, and from then on whatever comes out of the hand-off fails at once. So no
 * future is ever forgotten.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of timers: their tasks see to their own failures
final class ServerLink implements Connection.Owner, TrackedServer {
    /** Who knows where else a call may go. */
    @FunctionalInterface
    interface Detour {
        /** The link to hand a call to that {@code link} cannot send now; null: to none. */
        @Nullable ServerLink around(ServerLink link, Call<?> call);
    }

    private enum State {
        CONNECTING,
        READY,
        DRAINING,
        BACKING_OFF,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServerLink.class);
    private static final long TICK_MILLIS = 10;
    private static final HelloLimits LEAST_LIMITS =
            new HelloLimits(
                    ProtocolLimits.KEY_BYTES_MAX,
                    ProtocolLimits.BODY_BYTES_MAX_FLOOR,
                    ProtocolLimits.BATCH_OPERATIONS_MAX,
                    ProtocolLimits.WINDOW_REQUESTS_DEFAULT,
                    ProtocolLimits.WINDOW_BYTES_DEFAULT);

    private final Connection.Settings settings;
    private final LarderOptions options;
    private final EventLoop eventLoop;
    private final Detour detour;
    private final LongSupplier nanoClock;
    private final HandOff handOff = new HandOff();
    private final Window window;
    private final Completion completion;
    private final Failures failures;
    private final WaitingCalls waiting = new WaitingCalls();
    private final WaitingCalls delayed = new WaitingCalls();
    private final PendingRequests pending;
    private final Regions regions;
    private final BatchFlusher flusher;
    private final Dispatcher dispatcher;
    private final CircuitBreaker circuit;
    private final Retries retries;
    private final BackOff backOff;
    private final SilenceWatch silenceWatch;
    private final PushChannel pushes;
    private final Entrance entrance;
    private final Runnable drainTask = this::drain;
    private final Runnable tickTask = this::tick;
    private final CompletableFuture<@Nullable Void> firstAttempt = new CompletableFuture<>();

    private volatile boolean closing; // set by any thread, before the event loop is told
    private volatile HelloLimits knownLimits = LEAST_LIMITS; // written by the event loop
    private volatile boolean connected; // written by the event loop
    private volatile int connectFailures; // written by the event loop

    // Of the event loop only:
    private State state = State.CONNECTING;
    private @Nullable Connection connection;
    private @Nullable IOException lastFailure;
    private boolean ticking;
    private boolean failureLogged;
    private boolean endExpected; // until the next connection is there or has failed
    private boolean proven; // the present connection has answered something

    /**
     * @param detour asked with {@link WhenDisconnected#NEXT_SERVER} only; on the event loop
     * @param random for jitter, from 0 to below 1
     */
    ServerLink(
            Connection.Settings settings,
            LarderOptions options,
            EventLoop eventLoop,
            Detour detour,
            DoubleSupplier random) {
        this.settings = settings;
        this.options = options;
        this.eventLoop = eventLoop;
        this.detour = detour;
        this.nanoClock = settings.nanoClock();
        this.circuit = new CircuitBreaker(options.circuitFailurePercent(), nanoClock.getAsLong());
        this.retries = new Retries(options, nanoClock, random);
        this.silenceWatch = new SilenceWatch(options.silenceTimeoutMillis());
        this.window = new Window(options.windowRequests(), options.windowBytes(), nanoClock);
        this.completion = new Completion(window, options.callbackExecutor());
        this.failures = new Failures(settings.address());
        this.entrance = new Entrance(window, failures);
        this.pending = new PendingRequests(options.windowRequests(), nanoClock.getAsLong());
        this.regions =
                new Regions(
                        waiting,
                        completion,
                        nanoClock,
                        TimeUnit.MILLISECONDS.toNanos(options.requestTimeoutMillis()));
        this.flusher = new BatchFlusher(waiting, pending, regions, completion, failures, nanoClock);
        this.dispatcher =
                new Dispatcher(
                        pending,
                        delayed,
                        completion,
                        failures,
                        retries,
                        circuit,
                        new Joiner(settings.largeValues(), eventLoop, completion, failures));
        this.pushes = new PushChannel(this::sendFirst, regions, eventLoop, nanoClock);
        this.backOff =
                new BackOff(options.reconnectMillisMin(), options.reconnectMillisMax(), random);
    }

    /** Begins to connect. The future tells how the first attempt ended. */
    CompletableFuture<@Nullable Void> start() {
        eventLoop.execute(this::connect);
        return firstAttempt;
    }

    /** What the server last connected to allows; before that, what any server does. */
    HelloLimits knownLimits() {
        return knownLimits;
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

    private void sendFirst(Call<?> call) {
        waiting.addFirst(call);
        startTicking();
        flush();
    }

    Window window() {
        return window;
    }

    Failures failures() {
        return failures;
    }

    /** True if a call would be sent at once. Any thread. */
    boolean isAvailable() {
        return connected && circuit.mayAdmit(nanoClock);
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
                connected,
                connectFailures,
                circuit.state(),
                window.calls());
    }

    /**
     * Sends a call as soon as possible; it completes in any case. Any thread.
     *
     * <p>Locking: none; with {@link Admission#WAIT} it parks the calling thread while the window is
     * full.
     */
    void submit(Call<?> call, Admission admission) {
        call.link = this;
        LarderException refusal = closing ? failures.closed(call, false) : refusal(call, admission);
        if (refusal != null) {
            call.completeExceptionally(refusal);
        } else if (handOff.push(call)) {
            wakeUp();
        }
    }

    private @Nullable LarderException refusal(Call<?> call, Admission admission) {
        boolean isKeptBack = admission != Admission.CONTINUE && !circuit.admits(nanoClock);
        return isKeptBack ? failures.circuitOpen(call) : entrance.admit(call, admission);
    }

    /** The caller of a call wants it no more. Any thread. */
    void cancelled(Call<?> call) {
        try {
            eventLoop.execute(() -> letGo(call));
        } catch (RejectedExecutionException e) {
            LOG.trace("closed already", e);
        }
    }

    /** What is not pending is let go of by the next tick. */
    private void letGo(Call<?> call) {
        int slot = pending.slotOf(call.id);
        if (slot >= 0 && pending.callAt(slot) == call) {
            pending.abandon(slot);
            completion.fail(call, failures.unsentTimeout(call)); // is cancelled, and stays so
            takeBack(call);
        }
    }

    private void takeBack(Call<?> call) {
        Connection present = connection;
        if (present != null && state == State.READY && present.takesCancel()) {
            flusher.cancel(present, call.id);
        }
    }

    private void wakeUp() {
        try {
            eventLoop.execute(drainTask);
        } catch (RejectedExecutionException e) {
            failHandedOff(); // the event loop has ended: the duty to drain is this thread's
        }
    }

    private void failHandedOff() {
        Call<?> call = handOff.takeAll();
        while (call != null) {
            Call<?> following = call.next;
            completion.fail(call, failures.closed(call, false));
            call = following;
        }
    }

    private void drain() {
        if (state == State.CLOSED) {
            failHandedOff();
            return;
        }
        Call<?> call = handOff.takeAll();
        while (call != null) {
            Call<?> following = call.next;
            call.next = null;
            waiting.addLast(call);
            call = following;
        }
        startTicking();
        if (state == State.READY) {
            flush();
        } else {
            settleWaiting();
        }
    }

    /** Deals with what waits while there is no connection. */
    private void settleWaiting() {
        switch (options.whenDisconnected()) {
            case WAIT -> {
                // until there is one, or their deadlines
            }
            case FAIL_FAST -> {
                if (!endExpected) {
                    waiting.removeAll(
                            call ->
                                    completion.fail(
                                            call, failures.notConnected(call, lastFailure)));
                }
            }
            case NEXT_SERVER -> waiting.removeIf(this::isHandedOver);
        }
    }

    private boolean isHandedOver(Call<?> call) {
        ServerLink other = call.internal ? null : detour.around(this, call);
        if (other == null) {
            return false;
        }
        window.release(call.frameBytes());
        other.submit(call, Admission.CONTINUE);
        return true;
    }

    private void failUnsent(Call<?> call) {
        countFailure(call);
        completion.fail(
                call,
                state == State.READY
                        ? failures.unsentTimeout(call)
                        : failures.notConnected(call, lastFailure));
    }

    private void countFailure(Call<?> call) {
        if (!call.internal && !call.isDone()) {
            circuit.onFailure(nanoClock.getAsLong());
        }
    }

    private void flush() {
        Connection present = connection;
        if (present == null || state != State.READY) {
            return;
        }
        try {
            flusher.flush(present);
        } catch (RuntimeException | OutOfMemoryError e) {
            flusher.discard();
            present.close("cannot send: " + e);
        }
    }

    private void connect() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CONNECTING;
        Connection next = new Connection(settings, this, connectFailures);
        connection = next;
        next.dial(eventLoop);
    }

    @Override
    public void onReady(Connection ready) {
        state = State.READY;
        proven = false;
        endExpected = false;
        connected = true;
        connectFailures = 0;
        circuit.onConnected(nanoClock.getAsLong());
        knownLimits = ready.limits();
        lastFailure = null;
        failureLogged = false;
        regions.onConnected(ready.hello().bootId());
        LOG.info(
                "connected to {}, server version {}",
                settings.address(),
                ready.hello().serverVersion());
        pushes.onConnected(ready.tellsChanges());
        firstAttempt.complete(null);
        flush();
        startTicking();
    }

    @Override
    public @Nullable String onReply(Reply reply) {
        if (!reply.is(Status.SHUTTING_DOWN)) {
            proven = true;
            backOff.reset(); // only now: a server that greets and closes is not to be stormed
        } else {
            drainConnection();
        }
        return dispatcher.onReply(reply);
    }

    @Override
    public @Nullable String onPush(ByteBuf buffer, int offset) {
        return pushes.onPush(buffer, offset);
    }

    @Override
    public void onGoAway(Connection leaving) {
        drainConnection();
    }

    private void drainConnection() {
        if (state == State.READY) {
            state = State.DRAINING;
            endExpected = true;
            connected = false;
            pushes.onClosed(); // what waits may go to another server
            settleWaiting();
        }
    }

    @Override
    public void onFlushable(Connection flushable) {
        if (state == State.DRAINING && pending.unanswered() == 0) {
            flushable.close("the server is stopping");
        } else {
            flush();
        }
    }

    @Override
    public void onClosed(Connection closed, IOException reason) {
        if (state == State.CLOSED) {
            return;
        }
        boolean wasReady = state != State.CONNECTING;
        endExpected &= wasReady;
        connected = false;
        int failed = connectFailures;
        connectFailures = wasReady ? failed : failed + 1;
        state = State.BACKING_OFF;
        connection = null;
        lastFailure = reason;
        logClosed(wasReady, reason);
        pushes.onClosed();
        dispatcher.forgetPieces();
        flusher.discard();
        pending.releaseAll(call -> onLost(call, reason));
        firstAttempt.completeExceptionally(
                new NotConnectedException(
                        "cannot connect to " + settings.address() + ": " + reason.getMessage(),
                        reason));
        settleWaiting();
        startTicking();
        long waitMillis = endExpected && proven ? 0 : backOff.nextMillis();
        eventLoop.schedule(this::connect, waitMillis, TimeUnit.MILLISECONDS);
    }

    private void logClosed(boolean wasReady, IOException reason) {
        if (endExpected) {
            LOG.info("{} is stopping; connecting again", settings.address());
        } else if (!failureLogged) {
            failureLogged = true;
            LOG.warn(
                    "{} {}: {}; connecting again until it answers",
                    wasReady ? "lost the connection to" : "cannot connect to",
                    settings.address(),
                    reason.getMessage());
        }
    }

    private void onLost(Call<?> call, IOException reason) {
        countFailure(call);
        call.wasLost = true;
        if (!retries.takesLost(call)) {
            completion.fail(call, failures.connectionLost(call, reason));
        } else if (!mayGoElsewhere() || !isHandedOver(call)) {
            delayed.addLast(call);
        }
    }

    private boolean mayGoElsewhere() {
        return options.whenDisconnected() == WhenDisconnected.NEXT_SERVER;
    }

    private void startTicking() {
        if (!ticking) {
            silenceWatch.begin(nanoClock.getAsLong());
            keepTicking();
        }
    }

    private void keepTicking() {
        if (!ticking && hasWork()) {
            ticking = true;
            eventLoop.schedule(tickTask, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean hasWork() {
        return pending.unanswered() > 0
                || !waiting.isEmpty()
                || !delayed.isEmpty()
                || regions.hasParked();
    }

    private void tick() {
        ticking = false;
        if (state == State.CLOSED) {
            return;
        }
        try {
            sweep(nanoClock.getAsLong());
        } catch (RuntimeException e) {
            LOG.error("sweeping the calls to {}", settings.address(), e);
        } finally {
            keepTicking();
        }
    }

    private void sweep(long nowNanos) {
        circuit.roll(nowNanos);
        pending.expire(nowNanos, this::failSent);
        waiting.expire(nowNanos, this::failUnsent);
        regions.expire(nowNanos, this::failUnsent);
        delayed.expire(nowNanos, this::failUnsent);
        delayed.moveDue(nowNanos, waiting);
        giveUpIfDead(nowNanos);
        if (state == State.READY) {
            flush();
        } else {
            settleWaiting();
        }
    }

    private void failSent(Call<?> call) {
        countFailure(call);
        completion.fail(call, failures.sentTimeout(call));
        if (dispatcher.isReceiving(call.id)) {
            takeBack(call); // the deadline has told the server of all else
        }
    }

    private void giveUpIfDead(long nowNanos) {
        Connection present = connection;
        if (present != null && state != State.CONNECTING) {
            String verdict = silenceWatch.verdict(present, pending, nowNanos);
            if (verdict != null) {
                present.close(verdict);
            }
        }
    }

    /** Fails all calls and closes the connection, soon, on the event loop. */
    void close() {
        closing = true;
        try {
            eventLoop.execute(this::closeNow);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed already", e);
        }
    }

    private void closeNow() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        connected = false;
        pushes.onClosed();
        if (connection != null) {
            connection.close("the client was closed");
        }
        failHandedOff();
        pending.releaseAll(call -> completion.fail(call, failures.closed(call, true)));
        delayed.removeAll(this::failClosed);
        regions.removeAll(this::failClosed);
        waiting.removeAll(this::failClosed);
        firstAttempt.completeExceptionally(
                new NotConnectedException(
                        "the client was closed before it had connected", lastFailure));
        LOG.debug("closed the connection to {}", settings.address());
    }

    private void failClosed(Call<?> call) {
        completion.fail(call, failures.closed(call, false));
    }
}
