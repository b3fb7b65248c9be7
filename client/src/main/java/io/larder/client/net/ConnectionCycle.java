package io.larder.client.net;

import io.larder.client.api.LarderOptions;
import io.larder.client.api.NotConnectedException;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a server after the other: makes the first, and another one whenever one is
 * lost, until it is closed. Belongs to the event loop, but for {@link #start}, {@link
 * #isConnected}, {@link #failedAttempts} and {@link #knownLimits}.
 */
/*
 *   CONNECTING --> READY --> DRAINING --> BACKING_OFF --> CONNECTING ...    any of them --> CLOSED
 *       |            |                        ^
 *       +------------+------------------------+  failed, lost
 *
 * Draining: the server has said that it is stopping. Nothing is sent any more; what is
 * unanswered is still answered, then the connection is closed, and what was refused or has
 * waited goes over the next. Such an end is expected: no call fails for it, and the next
 * connection is tried at once, unless the server had answered nothing on this one.
 *
 * The traffic hears of every change after the state has changed, and may ask for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of timers: their tasks see to their own failures
final class ConnectionCycle implements Connection.Owner {
    /** What goes over the connections. */
    interface Traffic {
        /** Requests may be sent; nothing has been yet. */
        void onReady(Connection ready);

        /** Requests may be sent, and there is room for some. */
        void onFlushable(Connection ready);

        /** A reply came; returns null, or why the connection is to be closed. */
        @Nullable String onReply(Reply reply);

        /** A push came; returns null, or why the connection is to be closed. */
        @Nullable String onPush(ByteBuf buffer, int offset);

        /** Whether nothing is unanswered. */
        boolean isAllAnswered();

        /** Nothing may be sent any more, but answers will come. */
        void onDraining();

        /** The connection is gone, or there was none to be had. */
        void onLost(IOException reason);
    }

    private enum State {
        CONNECTING,
        READY,
        DRAINING,
        BACKING_OFF,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionCycle.class);
    private static final HelloLimits LEAST_LIMITS =
            new HelloLimits(
                    ProtocolLimits.KEY_BYTES_MAX,
                    ProtocolLimits.BODY_BYTES_MAX_FLOOR,
                    ProtocolLimits.BATCH_OPERATIONS_MAX,
                    ProtocolLimits.WINDOW_REQUESTS_DEFAULT,
                    ProtocolLimits.WINDOW_BYTES_DEFAULT);

    private final LinkSettings settings;
    private final Traffic traffic;
    private final BackOff backOff;
    private final CompletableFuture<@Nullable Void> firstAttempt = new CompletableFuture<>();

    private volatile HelloLimits knownLimits = LEAST_LIMITS; // written by the event loop
    private volatile boolean connected; // written by the event loop
    private volatile int failedAttempts; // written by the event loop

    private State state = State.CONNECTING;
    private @Nullable Connection connection;
    private @Nullable IOException lastFailure;
    private boolean failureLogged;
    private boolean endExpected; // until the next connection is there or has failed
    private boolean proven; // the present connection has answered something

    ConnectionCycle(LinkSettings settings, Traffic traffic) {
        this.settings = settings;
        this.traffic = traffic;
        LarderOptions options = settings.options();
        this.backOff =
                new BackOff(
                        options.reconnectMillisMin(),
                        options.reconnectMillisMax(),
                        settings.random());
    }

    /** Begins to connect. The future tells how the first attempt ended. Any thread. */
    CompletableFuture<@Nullable Void> start() {
        settings.eventLoop().execute(this::connect);
        return firstAttempt;
    }

    /** What the server last connected to allows; before that, what any server does. Any thread. */
    HelloLimits knownLimits() {
        return knownLimits;
    }

    /** Whether requests may be sent. Any thread. */
    boolean isConnected() {
        return connected;
    }

    /** How many attempts have failed, one after the other, before the next. Any thread. */
    int failedAttempts() {
        return failedAttempts;
    }

    /** The connection over which requests may be sent; null if there is none now. */
    @Nullable Connection ready() {
        return state == State.READY ? connection : null;
    }

    /** The connection on which answers may come; null if there is none now. */
    @Nullable Connection established() {
        return state == State.CONNECTING ? null : connection;
    }

    /** Whether there is none only because the server is being restarted. */
    boolean isEndExpected() {
        return endExpected;
    }

    /** Why there is no connection; null if that is not known. */
    @Nullable IOException lastFailure() {
        return lastFailure;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    private void connect() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CONNECTING;
        Connection next = new Connection(settings.connection(), this, failedAttempts);
        connection = next;
        next.dial(settings.eventLoop());
    }

    @Override
    public void onReady(Connection ready) {
        state = State.READY;
        proven = false;
        endExpected = false;
        connected = true;
        failedAttempts = 0;
        knownLimits = ready.limits();
        lastFailure = null;
        failureLogged = false;
        LOG.info(
                "connected to {}, server version {}",
                settings.address(),
                ready.hello().serverVersion());
        traffic.onReady(ready);
        firstAttempt.complete(null);
    }

    @Override
    public @Nullable String onReply(Reply reply) {
        if (!reply.is(Status.SHUTTING_DOWN)) {
            proven = true;
            backOff.reset(); // only now: a server that greets and closes is not to be stormed
        } else {
            drain();
        }
        return traffic.onReply(reply);
    }

    @Override
    public @Nullable String onPush(ByteBuf buffer, int offset) {
        return traffic.onPush(buffer, offset);
    }

    @Override
    public void onGoAway(Connection leaving) {
        drain();
    }

    private void drain() {
        if (state == State.READY) {
            state = State.DRAINING;
            endExpected = true;
            connected = false;
            traffic.onDraining();
        }
    }

    @Override
    public void onFlushable(Connection flushable) {
        if (state == State.DRAINING && traffic.isAllAnswered()) {
            flushable.close("the server is stopping");
        } else if (state == State.READY) {
            traffic.onFlushable(flushable);
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
        int failed = failedAttempts;
        failedAttempts = wasReady ? failed : failed + 1;
        state = State.BACKING_OFF;
        connection = null;
        lastFailure = reason;
        logClosed(wasReady, reason);
        traffic.onLost(reason);
        firstAttempt.completeExceptionally(
                new NotConnectedException(
                        "cannot connect to " + settings.address() + ": " + reason.getMessage(),
                        reason));
        long waitMillis = endExpected && proven ? 0 : backOff.nextMillis();
        settings.eventLoop().schedule(this::connect, waitMillis, TimeUnit.MILLISECONDS);
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

    /** Closes the connection, and makes no more. The traffic is not told. */
    void close() {
        state = State.CLOSED;
        connected = false;
        if (connection != null) {
            connection.close("the client was closed");
        }
        firstAttempt.completeExceptionally(
                new NotConnectedException(
                        "the client was closed before it had connected", lastFailure));
        LOG.debug("closed the connection to {}", settings.address());
    }
}
