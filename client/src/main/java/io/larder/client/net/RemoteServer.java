package io.larder.client.net;

import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions;
import io.larder.protocol.Opcode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server as this package offers it to the root: its regions and what can be asked of it as a
 * whole. Any thread. Owns the event loop and the connection; whoever makes it closes it.
 */
public final class RemoteServer implements AutoCloseable {
    private final EventLoops eventLoops;
    private final ServerLink link;
    private final Waiter waiter;
    private final Waiter connectWaiter;
    private final long timeoutNanos;
    private final CompletableFuture<@Nullable Void> firstAttempt;

    /** Begins to connect, and goes on until closed. */
    public RemoteServer(ServerAddress address, LarderOptions options) {
        this.eventLoops = new EventLoops(options.eventLoopThreads());
        Connection.Settings settings =
                new Connection.Settings(
                        address,
                        eventLoops.channelType(),
                        options.clientName(),
                        options.connectTimeoutMillis(),
                        System::nanoTime);
        this.link =
                new ServerLink(
                        settings,
                        options,
                        eventLoops.next(),
                        () -> ThreadLocalRandom.current().nextDouble());
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.requestTimeoutMillis());
        this.waiter = new Waiter(link, timeoutNanos);
        this.connectWaiter =
                new Waiter(link, TimeUnit.MILLISECONDS.toNanos(options.connectTimeoutMillis()));
        this.firstAttempt = link.start();
    }

    /**
     * Waits until the first attempt to connect has ended.
     *
     * <p>Locking: parks the calling thread, up to the connect timeout.
     *
     * @throws LarderException if it has failed
     */
    public void awaitConnected() {
        connectWaiter.await(firstAttempt);
    }

    /**
     * A region.
     *
     * @param region its name; empty for the default region
     * @throws IllegalArgumentException if the protocol allows no such name
     */
    public BytesCache cache(String region) {
        return new RemoteCache(
                new RemoteAsyncCache(link, link.region(region), timeoutNanos, Admission.REJECT));
    }

    /** The time from a PING to its answer. */
    public CompletableFuture<Duration> pingAsync() {
        return ping(Admission.REJECT);
    }

    /**
     * The time from a PING to its answer.
     *
     * <p>Locking: parks the calling thread.
     */
    public Duration ping() {
        waiter.requireMayWait();
        return waiter.await(ping(Admission.WAIT));
    }

    private CompletableFuture<Duration> ping(Admission admission) {
        long startNanos = link.nanoClock().getAsLong();
        ReplyReader<Duration> elapsed =
                reply -> Duration.ofNanos(link.nanoClock().getAsLong() - startNanos);
        return submit(Opcode.PING, elapsed, admission);
    }

    /** The server's figures by name, in its order. */
    public CompletableFuture<Map<String, String>> statsAsync() {
        return submit(Opcode.STATS, ReplyReaders.STATS, Admission.REJECT);
    }

    /**
     * The server's figures by name, in its order.
     *
     * <p>Locking: parks the calling thread.
     */
    public Map<String, String> stats() {
        waiter.requireMayWait();
        return waiter.await(submit(Opcode.STATS, ReplyReaders.STATS, Admission.WAIT));
    }

    private <T> CompletableFuture<T> submit(
            Opcode opcode, ReplyReader<T> reader, Admission admission) {
        Request request = Request.bare(opcode, Regions.DEFAULT);
        Call<T> call = Call.of(request, reader, link.nanoClock().getAsLong(), timeoutNanos);
        link.submit(call, admission);
        return call;
    }

    /**
     * Fails all calls, closes the connection and ends the threads. Again: does nothing.
     *
     * <p>Locking: waits for the threads, unless called on one of them.
     */
    @Override
    public void close() {
        link.close();
        eventLoops.close(); // runs what it has first: all calls have failed after it
    }
}
