package io.larder.server.admin;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Frontend;
import io.larder.server.region.RegionTable;
import io.larder.server.snapshot.Snapshots;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The telnet admin on a listener. Each line is a command and its arguments, words as in {@link
 * io.larder.protocol.text.QuotedText}; each is answered by lines and an ending, {@code END}, {@code
 * OK} or {@code ERROR <code> <text>}, but {@code ruok} by {@code imok} alone.
 *
 * <p>Bounds: {@link #CONNECTIONS_MAX} connections, further ones are told so and closed; {@link
 * #IDLE_MINUTES} without a byte either way, then closed.
 */
public final class AdminFrontend implements Frontend {
    /** Connections at a time. */
    public static final int CONNECTIONS_MAX = 64;

    /** Minutes of silence until a connection is closed. */
    public static final int IDLE_MINUTES = 60;

    private final ConnectionGate gate = new ConnectionGate(CONNECTIONS_MAX);
    private final AdminCommandTable commands;
    private final UncaughtErrors errors;

    /**
     * What the commands work on.
     *
     * @param version of the program
     */
    public record Services(
            ItemLookup items,
            Invalidations invalidations,
            MemoryControl memory,
            RegionTable regions,
            MetricsRegistry metrics,
            UncaughtErrors errors,
            Snapshots snapshots,
            String version) {}

    public AdminFrontend(Services services) {
        errors = services.errors();
        commands =
                new AdminCommandTable(
                        errors,
                        List.of(
                                new RuokCommand(),
                                new VersionCommand(services.version()),
                                new StatsCommand(services.metrics()),
                                new MemoryCommand(services.memory()),
                                new GetCommand(services.items()),
                                new RegionsCommand(services.regions()),
                                new FlushCommand(services.regions(), services.invalidations()),
                                new SnapshotCommand(services.snapshots()),
                                new RestoreCommand(services.snapshots())));
        commands.add(new HelpCommand(commands)).add(new QuitCommand());
    }

    @Override
    public String name() {
        return "admin";
    }

    /** Where its connections are counted, drained and closed. */
    public ConnectionGate gate() {
        return gate;
    }

    @Override
    public void initialize(Channel channel) {
        if (!gate.tryEnter(channel)) {
            ByteBuf out = channel.alloc().buffer();
            new AdminReply(out)
                    .error(
                            "connection-limit",
                            "one connection too many (expected: at most " + CONNECTIONS_MAX + ")");
            channel.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.pipeline()
                .addLast(new IdleStateHandler(0, 0, IDLE_MINUTES, TimeUnit.MINUTES))
                .addLast(new AdminLineDecoder())
                .addLast(new AdminHandler(commands, errors));
    }
}
