package io.larder.server.compat;

import io.larder.server.command.CommandServices;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Frontend;
import io.larder.server.net.NetConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;

/**
 * Another server's protocol on a listener. Any thread may call anything; a connection's handlers
 * run on its event loop.
 *
 * <p>Bounds: the data listener's number of connections, counted for each listener by itself;
 * further ones are told so in the protocol's words, if it has any, and closed. Its watermarks and
 * its idle and stall timeouts hold here, too.
 */
public final class CompatFrontend implements Frontend {
    private final String name;
    private final NetConfig config;
    private final CommandServices services;
    private final ConversationFactory factory;
    private final ConnectionGate gate;
    private final WriteBufferWaterMark waterMark;

    /**
     * @param name in logs, metrics and errors
     */
    public CompatFrontend(
            String name, NetConfig config, CommandServices services, ConversationFactory factory) {
        this.name = name;
        this.config = config;
        this.services = services;
        this.factory = factory;
        this.gate = new ConnectionGate(config.connectionsMax(), services.shared().addresses());
        this.waterMark =
                new WriteBufferWaterMark(
                        config.writeLowWatermarkBytes(), config.writeHighWatermarkBytes());
    }

    @Override
    public String name() {
        return name;
    }

    /** Where its connections are counted, drained and closed. */
    public ConnectionGate gate() {
        return gate;
    }

    /** Milliseconds after which a connection that has asked nothing is closed; 0 for never. */
    long silenceMillisMax() {
        return services.access().isRequired()
                ? config.helloTimeoutMillis()
                : config.idleTimeoutMillis();
    }

    /** Adds what it counts to a registry. */
    public void registerMetrics(MetricsRegistry metrics) {
        metrics.register(name + "_connections", "Connections open now", gate::open);
        metrics.registerCounter(
                name + "_connections_accepted", "Connections let in", gate::accepted);
        metrics.registerCounter(
                name + "_connections_refused", "Connections over the limit", gate::refused);
    }

    @Override
    public void initialize(Channel channel) {
        ConnectionGate.Refusal refusal = gate.enter(channel);
        if (refusal != null) {
            gate.refuse(channel, words -> words.writeBytes(factory.refusal(refusal.toString())));
            return;
        }
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addLast(new CompatConnection(config, services, factory));
    }
}
