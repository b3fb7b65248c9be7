package io.larder.server.net;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameDecoder;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.larder.server.command.CommandDispatcher;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * The binary protocol on a listener: bytes to frames to commands, and replies back. Any thread may
 * call anything; a connection's handlers run on its event loop.
 */
public final class BinaryFrontend implements Frontend {
    private static final int REFUSAL_RETRY_MILLIS = 1_000;
    private static final long SWEEP_MILLIS_MAX = 250;

    private volatile NetConfig config;
    private final ServerLimits shared;
    private final CommandDispatcher dispatcher;
    private final UncaughtErrors errors;
    private final LongSupplier nanoClock;
    private final ConnectionGate gate;
    private final ConnectionTable table = new ConnectionTable();
    private volatile WriteBufferWaterMark waterMark;
    private final ConcurrentMap<EventLoop, ConnectionSweep> sweeps = new ConcurrentHashMap<>();

    /** A front-end for one server; its connections share the dispatcher. */
    public BinaryFrontend(NetConfig config, CommandDispatcher dispatcher, UncaughtErrors errors) {
        this(config, dispatcher, errors, System::nanoTime);
    }

    /**
     * @param nanoClock by which deadlines are judged, as {@link System#nanoTime}
     */
    BinaryFrontend(
            NetConfig config,
            CommandDispatcher dispatcher,
            UncaughtErrors errors,
            LongSupplier nanoClock) {
        this.config = config;
        this.dispatcher = dispatcher;
        this.errors = errors;
        this.nanoClock = nanoClock;
        this.shared = dispatcher.shared();
        this.gate = new ConnectionGate(config.connectionsMax(), shared.addresses());
        this.waterMark = waterMark(config);
    }

    private static WriteBufferWaterMark waterMark(NetConfig config) {
        return new WriteBufferWaterMark(
                config.writeLowWatermarkBytes(), config.writeHighWatermarkBytes());
    }

    /**
     * Changes what connections are held to. Times hold for open connections too, watermarks for new
     * ones; where it listens and its threads stay. Connections beyond a lower limit stay.
     */
    public void reconfigure(NetConfig changed) {
        waterMark = waterMark(changed);
        gate.connectionsMax(changed.connectionsMax());
        config = changed;
    }

    /** Its connections, one by one. */
    public ConnectionTable connections() {
        return table;
    }

    @Override
    public String name() {
        return "data";
    }

    /** Where its connections are counted, drained and closed. */
    public ConnectionGate gate() {
        return gate;
    }

    /** Adds what it counts to a registry. */
    public void registerMetrics(MetricsRegistry metrics) {
        metrics.register("connections", "Connections open now", gate::open);
        metrics.registerCounter("connections_accepted", "Connections let in", gate::accepted);
        metrics.registerCounter("connections_refused", "Connections over the limit", gate::refused);
    }

    @Override
    public void initialize(Channel channel) {
        if (admit(channel)) {
            speak(channel);
        }
    }

    /** Lets a channel in that has just been accepted; or tells it why not, and closes it. */
    public boolean admit(Channel channel) {
        ConnectionGate.Refusal refusal = gate.enter(channel);
        if (refusal != null) {
            refuse(channel, refusal);
        }
        return refusal == null;
    }

    /** Adds the handlers to a channel that was let in. On its event loop. */
    public void speak(Channel channel) {
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark);
        ConnectionSweep sweep = sweeps.computeIfAbsent(channel.eventLoop(), this::newSweep);
        BinaryConnection connection =
                new BinaryConnection(() -> config, table, dispatcher, errors, sweep, nanoClock);
        FrameDecoder decoder =
                new FrameDecoder(
                        connection,
                        FrameDirection.TO_SERVER,
                        ProtocolLimits.HELLO_BODY_BYTES_MAX,
                        nanoClock);
        connection.decoder(decoder);
        channel.pipeline().addLast(decoder, connection);
    }

    private ConnectionSweep newSweep(EventLoop eventLoop) {
        long shortest = Math.min(config.helloTimeoutMillis(), config.frameTimeoutMillis());
        if (config.idleTimeoutMillis() > 0) {
            shortest = Math.min(shortest, config.idleTimeoutMillis());
        }
        if (config.stallTimeoutMillis() > 0) {
            shortest = Math.min(shortest, config.stallTimeoutMillis());
        }
        long periodMillis = Math.max(1, Math.min(SWEEP_MILLIS_MAX, shortest / 4));
        return new ConnectionSweep(eventLoop, periodMillis, nanoClock);
    }

    private void refuse(Channel channel, ConnectionGate.Refusal refusal) {
        gate.refuse(
                channel,
                words ->
                        ErrorBody.of(refusal.toString())
                                .withLimit(refusal.limit())
                                .withRetryAfterMillis(REFUSAL_RETRY_MILLIS)
                                .writeResponse(words, 0, Status.CONNECTION_LIMIT, 0));
    }
}
