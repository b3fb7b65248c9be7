package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.NotConnectedException;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
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
 * waited goes over the next.
 *
 * A call is always in exactly one of hand-off, waiting, parked, delayed, pending; a tick every
 * TICK_MILLIS looks into all of them for overdue ones while there are any. When the link closes, it
 * empties all of them, and from then on whatever comes out of the hand-off fails at once. So no
 * future is ever forgotten.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of timers: their tasks see to their own failures
final class ServerLink implements Connection.Owner {
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
    private final BackOff backOff;
    private final SilenceWatch silenceWatch;
    private final Entrance entrance;
    private final Runnable drainTask = this::drain;
    private final Runnable tickTask = this::tick;
    private final CompletableFuture<@Nullable Void> firstAttempt = new CompletableFuture<>();

    private volatile boolean closing; // set by any thread, before the event loop is told
    private volatile HelloLimits knownLimits = LEAST_LIMITS; // written by the event loop

    // Of the event loop only:
    private State state = State.CONNECTING;
    private @Nullable Connection connection;
    private @Nullable IOException lastFailure;
    private boolean ticking;
    private boolean failureLogged;

    /**
     * @param random for jitter, from 0 to below 1
     */
    ServerLink(
            Connection.Settings settings,
            LarderOptions options,
            EventLoop eventLoop,
            DoubleSupplier random) {
        this.settings = settings;
        this.options = options;
        this.eventLoop = eventLoop;
        this.nanoClock = settings.nanoClock();
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
                        options.busyRetriesMax(),
                        nanoClock,
                        random);
        this.backOff =
                new BackOff(options.reconnectMillisMin(), options.reconnectMillisMax(), random);
    }

    /** Begins to connect. The future tells how the first attempt ended. */
    CompletableFuture<@Nullable Void> start() {
        eventLoop.execute(this::connect);
        return firstAttempt;
    }

    /** The region of a name; see {@link Regions#region}. Any thread. */
    Region region(String name) {
        return name.isEmpty() ? Regions.DEFAULT : regions.region(name);
    }

    /** What the server last connected to allows; before that, what any server does. */
    HelloLimits knownLimits() {
        return knownLimits;
    }

    LongSupplier nanoClock() {
        return nanoClock;
    }

    Window window() {
        return window;
    }

    Failures failures() {
        return failures;
    }

    /** True on the thread that completes calls, which must not wait for one. */
    boolean inEventLoop() {
        return eventLoop.inEventLoop();
    }

    /**
     * Sends a call as soon as possible; it completes in any case. Any thread.
     *
     * <p>Locking: none; with {@link Admission#WAIT} it parks the calling thread while the window is
     * full.
     */
    void submit(Call<?> call, Admission admission) {
        LarderException refusal =
                closing ? failures.closed(call, false) : entrance.admit(call, admission);
        if (refusal != null) {
            call.completeExceptionally(refusal);
        } else if (handOff.push(call)) {
            wakeUp();
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
            failFast();
        }
    }

    private void failFast() {
        if (options.whenDisconnected() == WhenDisconnected.FAIL_FAST) {
            waiting.removeAll(this::failUnsent);
        }
    }

    private void failUnsent(Call<?> call) {
        completion.fail(
                call,
                state == State.READY
                        ? failures.unsentTimeout(call)
                        : failures.notConnected(call, lastFailure));
    }

    private void flush() {
        Connection present = connection;
        if (present == null || state != State.READY) {
            return;
        }
        try {
            flusher.flush(present.channel(), present.limits(), present.takesPieces());
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
        Connection next = new Connection(settings, this);
        connection = next;
        next.dial(eventLoop);
    }

    @Override
    public void onReady(Connection ready) {
        state = State.READY;
        knownLimits = ready.limits();
        lastFailure = null;
        failureLogged = false;
        regions.onConnected(ready.hello().bootId());
        LOG.info(
                "connected to {}, server version {}",
                settings.address(),
                ready.hello().serverVersion());
        firstAttempt.complete(null);
        flush();
        startTicking();
    }

    @Override
    public @Nullable String onReply(Reply reply) {
        if (!reply.is(Status.SHUTTING_DOWN)) {
            backOff.reset(); // only now: a server that greets and closes is not to be stormed
        } else if (state == State.READY) {
            state = State.DRAINING;
        }
        return dispatcher.onReply(reply);
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
        state = State.BACKING_OFF;
        connection = null;
        lastFailure = reason;
        if (!failureLogged) {
            failureLogged = true;
            LOG.warn(
                    "{} {}: {}; connecting again until it answers",
                    wasReady ? "lost the connection to" : "cannot connect to",
                    settings.address(),
                    reason.getMessage());
        }
        dispatcher.forgetPieces();
        pending.releaseAll(call -> completion.fail(call, failures.connectionLost(call, reason)));
        firstAttempt.completeExceptionally(
                new NotConnectedException(
                        "cannot connect to " + settings.address() + ": " + reason.getMessage(),
                        reason));
        failFast();
        eventLoop.schedule(this::connect, backOff.nextMillis(), TimeUnit.MILLISECONDS);
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
        pending.expire(nowNanos, call -> completion.fail(call, failures.sentTimeout(call)));
        waiting.expire(nowNanos, this::failUnsent);
        regions.expire(nowNanos, this::failUnsent);
        delayed.expire(nowNanos, this::failUnsent);
        delayed.moveDue(nowNanos, waiting);
        giveUpIfDead(nowNanos);
        flush();
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
