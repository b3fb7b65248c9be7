package io.larder.client.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Turns hosts' names into addresses without keeping an event loop waiting: the lookups run on
 * daemon threads, one at most for each name. What it found is not kept: each attempt to connect
 * asks anew, and the JDK decides how long an answer holds ({@code networkaddress.cache.ttl}, 30 s
 * by default). Any thread.
 */
final class NameResolver {
    /** What asks the system. */
    @FunctionalInterface
    interface Lookup {
        /** At least one address. May block. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Lookup lookup;
    private final Executor executor;
    private final Map<String, CompletableFuture<InetAddress[]>> underWay =
            new ConcurrentHashMap<>();

    /** Asks the JDK. */
    NameResolver() {
        this(InetAddress::getAllByName, NameResolver::startThread);
    }

    /**
     * @param executor runs the lookups, which may block
     */
    NameResolver(Lookup lookup, Executor executor) {
        this.lookup = lookup;
        this.executor = executor;
    }

    private static void startThread(Runnable work) {
        Thread thread = new Thread(work, "larder-client-dns");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The addresses of a host: itself if it is one, at once; else what the lookup says. Two that
     * ask for a name at the same time share a lookup.
     *
     * @return fails with an {@link UnknownHostException}; completes on any thread
     */
    CompletableFuture<InetAddress[]> resolve(String host) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(new InetAddress[] {literal});
        }
        CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
        CompletableFuture<InetAddress[]> others = underWay.putIfAbsent(host, mine);
        if (others != null) {
            return others;
        }
        try {
            executor.execute(() -> lookUp(host, mine));
        } catch (RuntimeException | OutOfMemoryError noThread) {
            end(host, mine, null, noThread); // the next one that asks tries again
        }
        return mine;
    }

    private void lookUp(String host, CompletableFuture<InetAddress[]> result) {
        InetAddress @Nullable [] found = null;
        Throwable failure = null;
        try {
            found = lookup.addresses(host);
        } catch (UnknownHostException | RuntimeException | Error e) {
            failure = e;
        }
        end(host, result, found, failure);
    }

    private void end(
            String host,
            CompletableFuture<InetAddress[]> result,
            InetAddress @Nullable [] found,
            @Nullable Throwable failure) {
        underWay.remove(host, result);
        if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            result.complete(found);
        }
    }
}
