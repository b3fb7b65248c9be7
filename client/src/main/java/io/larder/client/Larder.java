package io.larder.client;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.BytesCache;
import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.LarderException;
import io.larder.client.api.NearOptions;
import io.larder.client.api.ServerHealth;
import io.larder.client.near.NearCache;
import io.larder.client.net.RemoteServers;
import io.larder.client.net.ServerAddress;
import io.larder.client.typed.TypedCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a Larder server, or of several, among which it divides the keys. One for a whole
 * program is the rule: any thread may use it, all share one connection to each server, and calls
 * made at the same time share its writes. It connects again by itself. Who connects it closes it;
 * the threads it has are daemons.
 *
 * <p>Of several servers each key has its own, which every client given the same names agrees on; a
 * server that is gone takes its keys with it until it is back, unless {@link
 * io.larder.client.api.LarderOptions.WhenDisconnected#NEXT_SERVER} was chosen.
 *
 * <pre>{@code
 * try (Larder larder = Larder.connect("larder://127.0.0.1:7170")) {
 *     Cache<String, User> users = larder.cache("users", Codec.utf8(), Codec.json(User.class));
 *     users.put("ada", new User("Ada", 36), PutOptions.DEFAULT.ttl(Duration.ofMinutes(5)));
 *     Optional<User> ada = users.get("ada");
 *     CompletableFuture<Optional<User>> later = users.async().get("ada");
 * }
 * }</pre>
 */
public final class Larder implements AutoCloseable {
    private final RemoteServers servers;
    private final BytesCache defaultCache;

    Larder(RemoteServers servers) {
        this.servers = servers;
        this.defaultCache = servers.cache("");
    }

    /**
     * Connects with the default options.
     *
     * <p>Locking: waits until the server has answered, up to 5 s.
     *
     * @param uri {@code larder://HOST:PORT}, or {@code larder://HOST:PORT,HOST:PORT} for several
     *     servers; without a port, 7170; {@code larders://} for TLS
     * @throws LarderException if it does not answer, with the reason
     * @throws IllegalArgumentException if the URI is another one, naming what was expected
     */
    public static Larder connect(String uri) {
        return builder(uri).connect();
    }

    /**
     * A client with options of its own; {@link LarderBuilder#connect} makes it.
     *
     * @param uri {@code larder://HOST:PORT}, or {@code larder://HOST:PORT,HOST:PORT} for several
     *     servers; without a port, 7170; {@code larders://} for TLS
     * @throws IllegalArgumentException if the URI is another one, naming what was expected
     */
    public static LarderBuilder builder(String uri) {
        return new LarderBuilder(ServerAddress.parseAll(uri), ServerAddress.isSecure(uri));
    }

    /** The server's default region. */
    public BytesCache cache() {
        return defaultCache;
    }

    /**
     * A named region. Nothing is asked of the server until the first operation, which opens it; if
     * the server refuses, operations fail.
     *
     * @param region 1 to 64 characters out of {@code a-z 0-9 . _ -}
     * @throws IllegalArgumentException if the name is another one
     */
    public BytesCache cache(String region) {
        if (region.isEmpty()) {
            throw new IllegalArgumentException(
                    "region: empty (expected: a name; cache() is the default region)");
        }
        return servers.cache(region);
    }

    /**
     * A named region with keys and values of your types; else as {@link #cache(String)}. Cheap, and
     * immutable: keep it or ask again.
     *
     * @param region 1 to 64 characters out of {@code a-z 0-9 . _ -}
     * @throws IllegalArgumentException if the name is another one
     */
    public <K, V> Cache<K, V> cache(String region, Codec<K> keys, Codec<V> values) {
        return new TypedCache<>(cache(region), keys, values);
    }

    /**
     * A named region of which this client keeps copies in its own memory: a value that is there is
     * read without asking the server, which tells when it has changed. What a read returns was
     * overwritten by no write answered longer ago than {@link NearOptions#bound}, whatever becomes
     * of the connection; this client's own writes through the cache are seen at once. Keep the
     * cache: each one has copies of its own. Needs {@code com.github.ben-manes.caffeine:caffeine}.
     *
     * @param region as for {@link #cache(String)}
     * @throws IllegalStateException if Caffeine is absent, naming the artifact
     * @throws IllegalArgumentException if the name is another one
     */
    public BytesCache nearCache(String region, NearOptions options) {
        if (region.isEmpty()) {
            throw new IllegalArgumentException("region: empty (expected: a name)");
        }
        NearCache near = NearCache.open(options);
        return servers.cache(region, near::over);
    }

    /** {@link #nearCache(String, NearOptions)} with keys and values of your types. */
    public <K, V> Cache<K, V> nearCache(
            String region, NearOptions options, Codec<K> keys, Codec<V> values) {
        return new TypedCache<>(nearCache(region, options), keys, values);
    }

    /** The server's default region without blocking: {@code cache().async()}. */
    public AsyncBytesCache async() {
        return defaultCache.async();
    }

    /**
     * The time from a PING to its answer, of several servers the longest, without blocking.
     *
     * @return fails as the operations of {@link AsyncBytesCache} do
     */
    public CompletableFuture<Duration> pingAsync() {
        return servers.pingAsync();
    }

    /**
     * The time from a PING to its answer, of several servers the longest.
     *
     * <p>Locking: parks the calling thread.
     *
     * @throws LarderException if there is none
     */
    public Duration ping() {
        return servers.ping();
    }

    /**
     * The server's figures by name, in the server's order, without blocking. Of several servers,
     * all figures, each name after its server: {@code h1:7170/items}.
     *
     * @return fails as the operations of {@link AsyncBytesCache} do
     */
    public CompletableFuture<Map<String, String>> statsAsync() {
        return servers.statsAsync();
    }

    /**
     * The server's figures by name, in the server's order; see {@link #statsAsync}.
     *
     * <p>Locking: parks the calling thread.
     *
     * @throws LarderException if there is no answer
     */
    public Map<String, String> stats() {
        return servers.stats();
    }

    /** How the client finds its connections to the servers now, in the order of the URI. */
    public List<ServerHealth> health() {
        return servers.health();
    }

    /**
     * Ends the client. Calls that have no answer yet fail with {@link
     * io.larder.client.api.ClientClosedException}, and so do later ones. Closing again does
     * nothing.
     *
     * <p>Locking: waits for the client's threads, up to 5 s, unless called on one of them.
     */
    @Override
    public void close() {
        servers.close();
    }
}
