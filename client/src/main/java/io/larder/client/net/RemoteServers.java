package io.larder.client.net;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.ServerHealth;
import io.larder.protocol.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a client as this package offers them to the root: their regions and what can be
 * asked of them as a whole. Any thread. Owns event loops and connections; whoever makes it closes
 * it.
 */
public final class RemoteServers implements AutoCloseable {
    private final Router router;
    private final Waiter waiter;
    private final Waiter connectWaiter;
    private final long timeoutNanos;
    private final CompletableFuture<@Nullable Void> firstAttempts;

    /**
     * Begins to connect, and goes on until closed.
     *
     * @param addresses at least one, none twice
     */
    public RemoteServers(List<ServerAddress> addresses, LarderOptions options) {
        this.router = new Router(addresses, options, System::nanoTime);
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.requestTimeoutMillis());
        this.waiter = new Waiter(router, timeoutNanos);
        this.connectWaiter =
                new Waiter(router, TimeUnit.MILLISECONDS.toNanos(options.connectTimeoutMillis()));
        this.firstAttempts = router.start();
    }

    /**
     * Waits until the first attempt to connect to each server has ended.
     *
     * <p>Locking: parks the calling thread, up to the connect timeout.
     *
     * @throws LarderException if all have failed
     */
    public void awaitConnected() {
        connectWaiter.awaitConnected(firstAttempts);
    }

    /**
     * A region.
     *
     * @param region its name; empty for the default region
     * @throws IllegalArgumentException if the protocol allows no such name
     */
    public BytesCache cache(String region) {
        return new RemoteCache(new RemoteAsyncCache(router, router.region(region), timeoutNanos));
    }

    /**
     * A region whose calls go through a layer of the caller's.
     *
     * @param region its name; empty for the default region
     * @param layer makes of a region what callers are given; called for each way in which calls are
     *     admitted
     * @throws IllegalArgumentException if the protocol allows no such name
     */
    public BytesCache cache(String region, Function<TrackingCache, AsyncBytesCache> layer) {
        RemoteAsyncCache plain =
                new RemoteAsyncCache(router, router.region(region), timeoutNanos).withoutHeld();
        return new RemoteCache(layer.apply(plain), layer.apply(plain.with(Admission.WAIT)), waiter);
    }

    /** How each connection is now. */
    public List<ServerHealth> health() {
        return router.health();
    }

    /** The time from a PING to its answer, the longest of all servers. */
    public CompletableFuture<Duration> pingAsync() {
        return ping(Admission.REJECT);
    }

    /**
     * The time from a PING to its answer, the longest of all servers.
     *
     * <p>Locking: parks the calling thread.
     */
    public Duration ping() {
        waiter.requireMayWait();
        return waiter.await(ping(Admission.WAIT));
    }

    private CompletableFuture<Duration> ping(Admission admission) {
        long startNanos = router.nanoClock().getAsLong();
        ReplyReader<Duration> elapsed =
                reply -> Duration.ofNanos(router.nanoClock().getAsLong() - startNanos);
        List<CompletableFuture<Duration>> pings = ofEach(Opcode.PING, elapsed, admission);
        return pings.size() == 1
                ? pings.get(0)
                : AllOf.parts(
                        pings, () -> Collections.max(pings.stream().map(it -> it.join()).toList()));
    }

    /** The servers' figures by name, in their order; see {@code Larder.statsAsync}. */
    public CompletableFuture<Map<String, String>> statsAsync() {
        return stats(Admission.REJECT);
    }

    /**
     * The servers' figures by name, in their order; see {@code Larder.statsAsync}.
     *
     * <p>Locking: parks the calling thread.
     */
    public Map<String, String> stats() {
        waiter.requireMayWait();
        return waiter.await(stats(Admission.WAIT));
    }

    private CompletableFuture<Map<String, String>> stats(Admission admission) {
        List<CompletableFuture<Map<String, String>>> stats =
                ofEach(Opcode.STATS, ReplyReaders.STATS, admission);
        return stats.size() == 1 ? stats.get(0) : AllOf.parts(stats, () -> merged(stats));
    }

    private Map<String, String> merged(List<CompletableFuture<Map<String, String>>> stats) {
        Map<String, String> merged = new LinkedHashMap<>();
        for (int server = 0; server < stats.size(); server++) {
            String prefix = router.nameOf(server) + '/';
            stats.get(server).join().forEach((name, value) -> merged.put(prefix + name, value));
        }
        return merged;
    }

    private <T> List<CompletableFuture<T>> ofEach(
            Opcode opcode, ReplyReader<T> reader, Admission admission) {
        List<CompletableFuture<T>> calls = new ArrayList<>();
        for (int server = 0; server < router.serverCount(); server++) {
            Request request = Request.bare(opcode, Region.DEFAULT);
            Call<T> call = router.call(request, reader, timeoutNanos);
            calls.add(call);
            router.anyLinkOf(server).submit(call, admission);
        }
        return calls;
    }

    /**
     * Fails all calls, closes the connections and ends the threads. Again: does nothing.
     *
     * <p>Locking: waits for the threads, unless called on one of them.
     */
    @Override
    public void close() {
        router.close();
    }
}
