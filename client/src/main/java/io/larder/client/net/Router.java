package io.larder.client.net;

import io.larder.client.api.CallListener;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.ServerHealth;
import io.larder.protocol.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The links to all servers of a client, and the choice among them. Any thread. Owns the links and
 * their event loops; whoever makes it closes it.
 */
/*
 *   key --hash--> the server that weighs most for it --hash--> one of its connections
 *
 * The choice depends on the key and the servers' names alone (see Rendezvous), so all calls for a
 * key go over one link, in the order in which a thread makes them. With NEXT_SERVER, and only then,
 * servers that are not available are passed over; a call that waits on a link without connection
 * asks again, by way of the link's Detour. Calls without a key of their own (BATCH, SCAN, STATS ...)
 * are made for a link and stay with it.
 */
final class Router implements ServerLink.Detour, AutoCloseable {
    /** A server and the links to it. */
    private record Server(ServerAddress address, long seed, List<ServerLink> links) {
        boolean isAvailable() {
            for (ServerLink link : links) {
                if (link.isAvailable()) {
                    return true;
                }
            }
            return false;
        }
    }

    private final Server[] servers;
    private final @Nullable ServerLink only; // if there is one link in all
    private final boolean takesNextServer;
    private final boolean servesHotKeys;
    private final boolean checksums;
    private final LongSupplier nanoClock;
    private final @Nullable CallReports reports; // null: nobody wants to know
    private final EventLoops eventLoops;
    private final RegionNames regionNames = new RegionNames();
    private final Loads loads;

    /** Connects nothing yet. */
    Router(List<ServerAddress> addresses, LarderOptions options, LongSupplier nanoClock) {
        CallListener listener = options.callListener();
        this.nanoClock = nanoClock;
        this.checksums = options.checksums();
        this.reports = listener == null ? null : new CallReports(listener, nanoClock);
        this.takesNextServer =
                options.whenDisconnected() == WhenDisconnected.NEXT_SERVER && addresses.size() > 1;
        this.servesHotKeys = options.hotKeyAgeMillisMax() > 0;
        ClientTls tls = ClientTls.of(options.tls()); // which may throw, before there are threads
        this.eventLoops = new EventLoops(options.eventLoopThreads());
        this.loads = new Loads(options.silenceTimeoutMillis());
        NameResolver resolver = new NameResolver();
        this.servers =
                addresses.stream()
                        .map(it -> connectionsTo(it, tls, resolver, options))
                        .toArray(Server[]::new);
        boolean isOne = servers.length == 1 && options.connectionsPerServer() == 1;
        this.only = isOne ? servers[0].links.get(0) : null;
    }

    private Server connectionsTo(
            ServerAddress address,
            @Nullable ClientTls tls,
            NameResolver resolver,
            LarderOptions options) {
        Connection.Settings settings =
                new Connection.Settings(
                        address,
                        tls,
                        options.credentials(),
                        eventLoops.channelType(),
                        resolver,
                        eventLoops.largeValues(),
                        options.clientName(),
                        options.connectTimeoutMillis(),
                        options.checksums(),
                        nanoClock);
        ServerLink[] links = new ServerLink[options.connectionsPerServer()];
        for (int i = 0; i < links.length; i++) {
            LinkSettings linkSettings =
                    new LinkSettings(
                            settings,
                            options,
                            eventLoops.next(),
                            () -> ThreadLocalRandom.current().nextDouble());
            links[i] = new ServerLink(linkSettings, this);
        }
        return new Server(address, Rendezvous.seed(address), List.of(links));
    }

    /**
     * Begins to connect to all servers. The future completes when each first attempt has ended, and
     * fails with one of the failures if none has succeeded.
     */
    CompletableFuture<@Nullable Void> start() {
        List<CompletableFuture<@Nullable Void>> attempts = new ArrayList<>();
        for (Server server : servers) {
            for (ServerLink link : server.links) {
                attempts.add(link.start());
            }
        }
        CompletableFuture<?>[] all = attempts.toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all)
                .handle((nothing, failure) -> failure)
                .thenCompose(
                        failure ->
                                attempts.stream().allMatch(it -> it.isCompletedExceptionally())
                                        ? attempts.get(0)
                                        : CompletableFuture.completedFuture(null));
    }

    /** The region of a name; see {@link RegionNames#region}. */
    Region region(String name) {
        return regionNames.region(name);
    }

    /** What is being loaded. */
    Loads loads() {
        return loads;
    }

    /** Of all deadlines. */
    LongSupplier nanoClock() {
        return nanoClock;
    }

    /** True on a thread that completes calls, which must not wait for one. */
    boolean inEventLoop() {
        return eventLoops.inEventLoop();
    }

    /** What the threads that complete calls are doing; see {@link EventLoops#whereabouts}. */
    String whereabouts() {
        return eventLoops.whereabouts();
    }

    /** How many servers there are. */
    int serverCount() {
        return servers.length;
    }

    /** The link for a key: the first {@code keyBytes} of these bytes. */
    ServerLink linkOf(byte[] bytes, int keyBytes) {
        ServerLink single = only;
        if (single != null) {
            return single;
        }
        long hash = Rendezvous.hash(bytes, keyBytes);
        List<ServerLink> links = servers[serverOf(hash)].links;
        return links.get(Rendezvous.connection(hash, links.size()));
    }

    /** Whether values of hot keys are to be held at all. */
    boolean servesHotKeys() {
        return servesHotKeys;
    }

    /** Whether a server has told of a hot key. */
    boolean knowsHotKeys() {
        for (Server server : servers) {
            for (ServerLink link : server.links) {
                if (link.held().count() > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A region's items are being removed, or have been: nothing that is held is served. */
    void forgetHeld(Region region) {
        for (Server server : servers) {
            for (ServerLink link : server.links) {
                link.held().forgetAll(region);
            }
        }
    }

    /** The index of the server that has a key. */
    int serverOf(byte[] key) {
        return serverOf(Rendezvous.hash(key, key.length));
    }

    private int serverOf(long keyHash) {
        int best = heaviest(keyHash, false);
        if (!takesNextServer || servers[best].isAvailable()) {
            return best;
        }
        int next = heaviest(keyHash, true);
        return next < 0 ? best : next;
    }

    private int heaviest(long keyHash, boolean ofAvailable) {
        int best = -1;
        long bestWeight = 0;
        for (int i = 0; i < servers.length; i++) {
            long weight = Rendezvous.weight(keyHash, servers[i].seed);
            boolean isHeavier = best < 0 || Long.compareUnsigned(weight, bestWeight) > 0;
            if (isHeavier && (!ofAvailable || servers[i].isAvailable())) {
                best = i;
                bestWeight = weight;
            }
        }
        return best;
    }

    /** The link for requests about a server as a whole, by the server's index. */
    ServerLink anyLinkOf(int server) {
        return servers[server].links.get(0);
    }

    /** A server's {@code host:port}, by its index. */
    String nameOf(int server) {
        return servers[server].address.toString();
    }

    /** Whether what is sent has checksums. */
    boolean checksums() {
        return checksums;
    }

    /** A call that begins now; the listener, if there is one, is told of it. */
    <T> Call<T> call(Request request, ReplyReader<T> reader, long timeoutNanos) {
        boolean isSummed = checksums && request.opcode != Opcode.BATCH && request.bodyBytes() > 0;
        Request sent = isSummed ? request.summed() : request;
        Call<T> call = Call.of(sent, reader, nanoClock.getAsLong(), timeoutNanos);
        if (reports != null) {
            reports.follow(call);
        }
        if (FlightRecording.isOn()) {
            FlightRecording.follow(call, nanoClock);
        }
        return call;
    }

    /**
     * Sends a call for a key; it completes in any case.
     *
     * <p>Locking: as {@link ServerLink#submit}.
     */
    void submit(Call<?> call, Admission admission) {
        Request request = call.request;
        linkOf(request.body, request.keyBytes).submit(call, admission);
    }

    @Override
    public @Nullable ServerLink around(ServerLink link, Call<?> call) {
        Request request = call.request;
        if (!takesNextServer || !request.opcode.isBatchable()) {
            return null;
        }
        ServerLink other = linkOf(request.body, request.keyBytes);
        return other == link ? null : other;
    }

    /** How each connection is now, in the order of the servers. */
    List<ServerHealth> health() {
        List<ServerHealth> health = new ArrayList<>();
        for (Server server : servers) {
            for (int i = 0; i < server.links.size(); i++) {
                health.add(server.links.get(i).health(i));
            }
        }
        return health;
    }

    /**
     * Fails all calls, closes the connections and ends the threads. Again: does nothing.
     *
     * <p>Locking: waits for the threads, unless called on one of them.
     */
    @Override
    public void close() {
        loads.close();
        for (Server server : servers) {
            for (ServerLink link : server.links) {
                link.close();
            }
        }
        eventLoops.close(); // runs what it has first: all calls have failed after it
    }
}
