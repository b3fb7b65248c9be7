package io.larder.server.tls;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.RefusalLog;
import io.larder.server.net.Frontend;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of one server: what new connections shake hands with, how many do so now, and what became
 * of those before. Any thread. Has threads of its own, for the arithmetic of handshakes; whoever
 * opens it closes it, behind the connections.
 *
 * <p>Bound: {@link #HANDSHAKES_MAX} handshakes at a time over all listeners; the oldest is then
 * closed and counted. A connection that says nothing costs no engine, and counts from its first
 * record on.
 */
public final class TlsContexts implements AutoCloseable {
    /** Handshakes under way at a time. */
    static final int HANDSHAKES_MAX = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    static {
        // BoringSSL does not renegotiate; the JDK asks this before its first handshake.
        if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
            System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        }
    }

    private final TlsSettings settings;
    private final RefusalLog refusals = new RefusalLog(LOG);
    private final ExecutorService arithmetic;
    private volatile TlsMaterial present; // written under this, or by the constructor
    private final Handshakes handshakes = new Handshakes(HANDSHAKES_MAX);
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder crowdedOut = new LongAdder();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder reloadsFailed = new LongAdder();

    private TlsContexts(TlsSettings settings, TlsMaterial material) {
        this.settings = settings;
        this.present = material;
        this.arithmetic =
                Executors.newFixedThreadPool(
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        new DefaultThreadFactory("larder-tls", true));
    }

    /**
     * Reads the certificates.
     *
     * @throws TlsException naming the file and what is wrong with it
     */
    public static TlsContexts open(TlsSettings settings) throws TlsException {
        TlsMaterial material = TlsMaterial.read(settings);
        TlsContexts contexts = new TlsContexts(settings, material);
        LOG.info("TLS by {}: {}", contexts.libraryName(), describe(material));
        return contexts;
    }

    private String libraryName() {
        return present.context().getClass().getSimpleName().startsWith("Jdk")
                ? "the JDK"
                : "BoringSSL";
    }

    private static String describe(TlsMaterial material) {
        return material.certificate().getSubjectX500Principal().getName()
                + ", serial "
                + material.certificate().getSerialNumber().toString(16)
                + ", until "
                + material.end();
    }

    /** A front-end whose connections begin with a handshake. */
    public Frontend secured(Frontend frontend) {
        return new TlsFrontend(frontend, this);
    }

    /** The files that {@link #reload} reads. */
    public List<Path> files() {
        return List.of(settings.certificate(), settings.key(), settings.authority());
    }

    /**
     * Reads the certificates again: for connections made from now on. If anything is wrong with
     * them, those of before stay, and the log says why. Locking: this object's monitor; reads
     * files.
     */
    public synchronized void reload() {
        try {
            TlsMaterial material = TlsMaterial.read(settings);
            present = material;
            reloads.increment();
            LOG.info("TLS goes on with {}", describe(material));
        } catch (TlsException e) {
            reloadsFailed.increment();
            LOG.error("TLS keeps its certificates: {}", e.getMessage());
        }
    }

    /** Adds what it counts to a registry. */
    public void registerMetrics(MetricsRegistry metrics) {
        metrics.register("tls_handshakes_under_way", "TLS handshakes begun now", handshakes::count)
                .registerCounter("tls_handshakes", "TLS handshakes that succeeded", done::sum)
                .registerCounter("tls_handshakes_failed", "Those that did not", failed::sum)
                .registerCounter(
                        "tls_handshakes_refused",
                        "Connections closed because too many handshakes were under way",
                        crowdedOut::sum)
                .registerCounter(
                        "tls_reloads", "Times that certificates were renewed", reloads::sum)
                .registerCounter(
                        "tls_reloads_failed",
                        "Times that they could not be used, and those before stayed",
                        reloadsFailed::sum)
                .register(
                        "tls_certificate_seconds_left",
                        "Until the server's certificate expires",
                        this::secondsLeft);
    }

    private long secondsLeft() {
        return Duration.between(Instant.now(), present.end()).toSeconds();
    }

    SslContext context() {
        return present.context();
    }

    ExecutorService arithmetic() {
        return arithmetic;
    }

    long handshakeTimeoutMillis() {
        return settings.handshakeTimeoutMillis();
    }

    /** One more handshake begins; it is to be ended by {@link #end}. */
    void begin(Channel channel) {
        Channel oldest = handshakes.begin(channel);
        if (oldest != null) {
            crowdedOut.increment();
            var unused = oldest.close();
        }
    }

    void end(Channel channel, boolean isDone) {
        handshakes.end(channel);
        if (isDone) {
            done.increment();
        }
    }

    /** A connection was refused: counts it and has the log say why, within measure. */
    void refused(String listener, String remoteAddress, String reason) {
        failed.increment();
        refusals.warn(listener + ": " + remoteAddress + " refused: " + reason);
    }

    @Override
    public void close() {
        arithmetic.shutdownNow();
    }
}
