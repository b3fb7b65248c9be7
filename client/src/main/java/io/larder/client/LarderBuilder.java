package io.larder.client;

import static io.larder.client.api.LarderOptions.DEFAULT;

import io.larder.client.api.CallListener;
import io.larder.client.api.Credentials;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.LarderOptions.RetryWhenLost;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.TlsOptions;
import io.larder.client.net.RemoteServers;
import io.larder.client.net.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The options of a client to be; {@link LarderOptions} says what each means, its range and its
 * default. Not for use by several threads. Times below a millisecond are rounded down.
 *
 * <p>Essential: {@link #requestTimeout}. Frequent: {@link #whenDisconnected}, {@link
 * #callbackExecutor}, {@link #callListener}, {@link #clientName}, {@link #hotKeyAge}. Rare: the
 * others.
 *
 * <p>A value out of range is an {@link IllegalArgumentException} that names the range, thrown when
 * connecting.
 */
public final class LarderBuilder {
    private final List<ServerAddress> addresses;
    private long requestTimeoutMillis = DEFAULT.requestTimeoutMillis();
    private long connectTimeoutMillis = DEFAULT.connectTimeoutMillis();
    private long silenceTimeoutMillis = DEFAULT.silenceTimeoutMillis();
    private int windowRequests = DEFAULT.windowRequests();
    private long windowBytes = DEFAULT.windowBytes();
    private int busyRetriesMax = DEFAULT.busyRetriesMax();
    private long reconnectMillisMin = DEFAULT.reconnectMillisMin();
    private long reconnectMillisMax = DEFAULT.reconnectMillisMax();
    private WhenDisconnected whenDisconnected = DEFAULT.whenDisconnected();
    private RetryWhenLost retryWhenLost = DEFAULT.retryWhenLost();
    private int circuitFailurePercent = DEFAULT.circuitFailurePercent();
    private int connectionsPerServer = DEFAULT.connectionsPerServer();
    private int eventLoopThreads = DEFAULT.eventLoopThreads();
    private long hotKeyAgeMillisMax = DEFAULT.hotKeyAgeMillisMax();
    private boolean checksums = DEFAULT.checksums();
    private @Nullable TlsOptions tls;
    private @Nullable Supplier<Credentials> credentials = DEFAULT.credentials();
    private @Nullable Executor callbackExecutor = DEFAULT.callbackExecutor();
    private @Nullable CallListener callListener = DEFAULT.callListener();
    private String clientName = DEFAULT.clientName();

    /**
     * @param isSecure whether the scheme is that of TLS
     */
    LarderBuilder(List<ServerAddress> addresses, boolean isSecure) {
        this.addresses = addresses;
        this.tls = isSecure ? TlsOptions.DEFAULT : null;
    }

    /** How long a call may take, waits and retries included; by default 1 s. */
    public LarderBuilder requestTimeout(Duration timeout) {
        requestTimeoutMillis = timeout.toMillis();
        return this;
    }

    /** How long one attempt to connect may take; by default 5 s. */
    public LarderBuilder connectTimeout(Duration timeout) {
        connectTimeoutMillis = timeout.toMillis();
        return this;
    }

    /** How long the server may be silent while it is asked something; by default 5 s. */
    public LarderBuilder silenceTimeout(Duration timeout) {
        silenceTimeoutMillis = timeout.toMillis();
        return this;
    }

    /** How many calls may be unanswered on a connection; by default 4,096. */
    public LarderBuilder windowRequests(int requests) {
        windowRequests = requests;
        return this;
    }

    /** How many bytes of requests may be unanswered on a connection; by default 128 MiB. */
    public LarderBuilder windowBytes(long bytes) {
        windowBytes = bytes;
        return this;
    }

    /** How often a call is sent again that the server was too busy for; by default 8 times. */
    public LarderBuilder busyRetriesMax(int retries) {
        busyRetriesMax = retries;
        return this;
    }

    /** The shortest and the longest wait before connecting again; by default 20 ms and 2 s. */
    public LarderBuilder reconnectBackOff(Duration min, Duration max) {
        reconnectMillisMin = min.toMillis();
        reconnectMillisMax = max.toMillis();
        return this;
    }

    /** What a call does while there is no connection; by default it waits. */
    public LarderBuilder whenDisconnected(WhenDisconnected behaviour) {
        whenDisconnected = behaviour;
        return this;
    }

    /** What is sent again after its connection was lost; by default what changes nothing. */
    public LarderBuilder retryWhenLost(RetryWhenLost behaviour) {
        retryWhenLost = behaviour;
        return this;
    }

    /**
     * From which part of calls without answer a server is left alone for a moment, 0 for never; by
     * default 50 %.
     */
    public LarderBuilder circuitFailurePercent(int percent) {
        circuitFailurePercent = percent;
        return this;
    }

    /** How many connections go to each server; by default 1, which carries many calls at once. */
    public LarderBuilder connectionsPerServer(int connections) {
        connectionsPerServer = connections;
        return this;
    }

    /** How many threads carry the client's connections; by default 1, which carries many. */
    public LarderBuilder eventLoopThreads(int threads) {
        eventLoopThreads = threads;
        return this;
    }

    /**
     * How old the value of a key may be that very many read: the server says which those are, and
     * reads of them are answered from this client's memory for so long, and for no longer than the
     * server says (5 ms by default). Own writes are seen by the next read all the same. By default
     * 0: each read asks the server, and sees every write that was answered before.
     *
     * @param max up to 1 s
     */
    public LarderBuilder hotKeyAge(Duration max) {
        hotKeyAgeMillisMax = max.toMillis();
        return this;
    }

    /**
     * Has requests and the values they are answered carry checksums (CRC32C), which both sides
     * compare: a {@link io.larder.client.api.ChecksumException} instead of a value that was damaged
     * on the way. For networks that are not to be trusted with that and have no TLS, which does it
     * too; by default off.
     */
    public LarderBuilder checksums(boolean wanted) {
        checksums = wanted;
        return this;
    }

    /**
     * Whose certificates servers may show; by default those that the JVM trusts. With {@code
     * larders://} only.
     *
     * @param authorities in PEM
     * @throws IllegalStateException if the URI's scheme is another one
     */
    public LarderBuilder trust(Path authorities) {
        TlsOptions present = requireTls("trust");
        tls = new TlsOptions(authorities, present.certificate(), present.key());
        return this;
    }

    /**
     * The certificate that the client shows to servers that ask for one; by default none. With
     * {@code larders://} only.
     *
     * @param certificate in PEM, followed by those that lead to its authority, if any
     * @param key of that certificate, in PEM, PKCS #8 without a password
     * @throws IllegalStateException if the URI's scheme is another one
     */
    public LarderBuilder clientCertificate(Path certificate, Path key) {
        tls = new TlsOptions(requireTls("clientCertificate").authorities(), certificate, key);
        return this;
    }

    /**
     * Who the client says it is, where the server has users: only a proof of the password goes to
     * the server, which shows that it knows the user, too. By default the client says nothing.
     *
     * @throws IllegalArgumentException if either is empty
     */
    public LarderBuilder password(String user, String password) {
        Credentials fixed = Credentials.ofPassword(user, password);
        return credentials(() -> fixed);
    }

    /**
     * A secret that says by itself who the client is. It goes to the server as it is: use {@code
     * larders://}.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public LarderBuilder token(String token) {
        Credentials fixed = Credentials.ofToken(token);
        return credentials(() -> fixed);
    }

    /**
     * The same, for secrets that change: asked for each connection.
     *
     * @param supplier must not block; called on the client's event loop
     */
    public LarderBuilder credentials(Supplier<Credentials> supplier) {
        credentials = supplier;
        return this;
    }

    private TlsOptions requireTls(String option) {
        if (tls == null) {
            throw new IllegalStateException(
                    option + ": without TLS (expected: a URI that begins with larders://)");
        }
        return tls;
    }

    /** What completes the futures, so that callbacks may block; by default the event loop does. */
    public LarderBuilder callbackExecutor(Executor executor) {
        callbackExecutor = executor;
        return this;
    }

    /**
     * What is told of each request's begin and end, for metrics and tracing; by default nothing.
     */
    public LarderBuilder callListener(CallListener listener) {
        callListener = listener;
        return this;
    }

    /** What the server's operator sees. */
    public LarderBuilder clientName(String name) {
        clientName = name;
        return this;
    }

    /**
     * Connects.
     *
     * <p>Locking: waits until each server has answered or failed to, up to the connect timeout.
     *
     * @throws LarderException if no server has answered, with the reason of one of them
     */
    public Larder connect() {
        RemoteServers servers = new RemoteServers(addresses, options());
        try {
            servers.awaitConnected();
            return new Larder(servers);
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /**
     * A client that connects in the background and keeps trying, for programs that are to start
     * without their cache. Returns at once.
     */
    public Larder connectInBackground() {
        return new Larder(new RemoteServers(addresses, options()));
    }

    private LarderOptions options() {
        return new LarderOptions(
                requestTimeoutMillis,
                connectTimeoutMillis,
                silenceTimeoutMillis,
                windowRequests,
                windowBytes,
                busyRetriesMax,
                reconnectMillisMin,
                reconnectMillisMax,
                whenDisconnected,
                retryWhenLost,
                circuitFailurePercent,
                connectionsPerServer,
                eventLoopThreads,
                hotKeyAgeMillisMax,
                checksums,
                tls,
                credentials,
                callbackExecutor,
                callListener,
                clientName);
    }
}
