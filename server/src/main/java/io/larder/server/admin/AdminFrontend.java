package io.larder.server.admin;

import io.larder.server.auth.AccessControl;
import io.larder.server.command.RequestTimes;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.ConnectionTable;
import io.larder.server.net.Frontend;
import io.larder.server.net.Readiness;
import io.larder.server.region.RegionTable;
import io.larder.server.snapshot.Snapshots;
import io.larder.server.store.ShardStats;
import io.larder.server.store.StoreCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The telnet admin on a listener. Each line is a command and its arguments, words as in {@link
 * io.larder.protocol.text.QuotedText}; each is answered by lines and an ending, {@code END}, {@code
 * OK} or {@code ERROR <code> <text>}, but {@code ruok} by {@code imok} alone.
 *
 * <p>Bounds: {@link #CONNECTIONS_MAX} connections, further ones are told so and closed; {@link
 * #IDLE_MINUTES} without a byte either way, then closed; so are those who do not show who they are
 * for {@link #AUTH_MILLIS_MAX}, where there are users.
 */
public final class AdminFrontend implements Frontend {
    /** Connections at a time. */
    public static final int CONNECTIONS_MAX = 64;

    /** Milliseconds that somebody has to show who he is. */
    public static final long AUTH_MILLIS_MAX = AdminHandler.AUTH_MILLIS_MAX;

    /** Minutes of silence until a connection is closed. */
    public static final int IDLE_MINUTES = 60;

    private final ConnectionGate gate = new ConnectionGate(CONNECTIONS_MAX);
    private final AdminCommandTable commands;
    private final UncaughtErrors errors;
    private final AccessControl access;

    /**
     * What the commands work on.
     *
     * @param version of the program
     * @param access who may ask for what
     */
    public record Services(
            AdminItems items,
            ItemLookup lookup,
            Invalidations invalidations,
            MemoryControl memory,
            RegionTable regions,
            MetricsRegistry metrics,
            UncaughtErrors errors,
            DisabledCommands disabled,
            Snapshots snapshots,
            String version,
            AccessControl access) {}

    /**
     * What they change and look at beside items.
     *
     * @param times how long requests take, and which were slow
     * @param shards each shard's figures
     * @param regionOfSpace a region's name by its present space, or what to show instead
     * @param sweep has dead items reclaimed
     * @param expire has expired items reclaimed
     * @param check looks through the store's structure; blocks
     * @param drain takes the server out of service; returns at once
     * @param shutdown begins to stop the server; null if the command is not allowed
     */
    public record Controls(
            Readiness readiness,
            LiveConfiguration configuration,
            ConnectionTable connections,
            WatchCommand.Source events,
            RequestTimes times,
            Supplier<List<ShardStats>> shards,
            IntFunction<String> regionOfSpace,
            Runnable sweep,
            Runnable expire,
            Supplier<StoreCheck> check,
            Runnable drain,
            @Nullable Runnable shutdown) {}

    public AdminFrontend(Services services, Controls controls, Insight insight) {
        errors = services.errors();
        commands = new AdminCommandTable(errors, services.disabled(), List.of());
        access = services.access();
        addState(services, controls, insight);
        addItems(services);
        commands.add(new WhyCommand(insight.fates(), controls.connections()))
                .add(new HotKeysCommand(insight.keys()))
                .add(new CurveCommand(insight.keys(), services.regions()))
                .add(new AdviseCommand(insight.keys()))
                .add(new TraceCommand(insight.keys()));
        addControls(services, controls);
        commands.add(new HelpCommand(commands)).add(new AuthCommand()).add(new QuitCommand());
    }

    private void addState(Services services, Controls controls, Insight insight) {
        ClientCommand clients = new ClientCommand(controls.connections());
        commands.add(new RuokCommand())
                .add(new ReadyCommand(controls.readiness()))
                .add(new VersionCommand(services.version()))
                .add(new UptimeCommand())
                .add(
                        new StatsCommand(
                                services.metrics(),
                                controls.shards(),
                                services.regions(),
                                clients,
                                services.access()::accounts,
                                controls.configuration(),
                                new PrefixRows(insight.keys())))
                .add(new TopCommand(services.metrics()))
                .add(new WatchCommand(controls.events(), controls.regionOfSpace()))
                .add(new LatencyCommand(controls.times()::latencies))
                .add(new SlowLogCommand(controls.times().slowLog()))
                .add(clients)
                .add(new RegionsCommand(services.regions()));
    }

    private void addItems(Services services) {
        AdminItems items = services.items();
        ItemWalk walk = new ItemWalk(items);
        FlushCommand flush = new FlushCommand(services.regions(), services.invalidations());
        commands.add(new GetCommand(services.lookup()))
                .add(new MeCommand(items))
                .add(new DeleteCommand(items))
                .add(new TouchCommand(items))
                .add(new ScanCommand(items))
                .add(new CountCommand(walk))
                .add(new BigKeysCommand(walk))
                .add(new InvalidateCommand(flush))
                .add(flush);
    }

    private void addControls(Services services, Controls controls) {
        LiveConfiguration configuration = controls.configuration();
        commands.add(new ConfigCommand(configuration))
                .add(new LimitCommand(configuration))
                .add(new MemoryCommand(services.memory()))
                .add(new CompactCommand(controls.sweep()))
                .add(new ExpireCommand(controls.expire()))
                .add(new SnapshotCommand(services.snapshots()))
                .add(new RestoreCommand(services.snapshots()))
                .add(new LogCommand(configuration))
                .add(new DebugCommand(controls.check(), services.errors()))
                .add(new DrainCommand(controls.drain()))
                .add(new ShutdownCommand(controls.shutdown()));
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
                .addLast(new AdminHandler(commands, errors, access));
    }
}
