package io.larder.bench.tls;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Handshakes that nobody finishes: a third of the connections say nothing, a third half a greeting,
 * a third a whole one and nothing more. Meanwhile others connect and ask. For one thread.
 */
final class HalfOpen {
    private static final long BYTES_EACH_MAX = 64 << 10;
    private static final long CLOSED_SECONDS_MAX = 10;
    private static final int ASKED = 20;
    private static final int KINDS = 3;

    private HalfOpen() {}

    /**
     * What came of it.
     *
     * @param result the line for scripts
     * @param isKept whether all were closed in time, memory was bounded and others were served
     */
    record Outcome(ResultLine result, boolean isKept) {}

    static Outcome run(int count) {
        try (Site site = Site.make();
                ServerProcess server =
                        ServerProcess.start(
                                ServerProcess.command(
                                        Optional.empty(),
                                        List.of(
                                                "store.memory=64m",
                                                "tls.directory=" + site.directory())))) {
            Outcome outcome = run(count, site, server);
            server.stop();
            return outcome;
        } catch (IOException e) {
            throw new BenchException("half-open: " + e.getMessage(), e);
        }
    }

    private static Outcome run(int count, Site site, ServerProcess server) throws IOException {
        InetSocketAddress address = server.ready().dataAddress();
        askOnce(address, site.trust()); // the first handshake loads classes
        long before = server.usage().residentBytes();
        byte[] greeting = greeting(site.trust());
        List<SocketChannel> channels = new ArrayList<>();
        long failed = 0;
        double slowestMillis = 0;
        try {
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                channels.add(begin(address, greeting, i % KINDS));
                if (i % Math.max(1, count / ASKED) == 0) {
                    long asked = System.nanoTime();
                    failed += askOnce(address, site.trust()) ? 0 : 1;
                    slowestMillis = Math.max(slowestMillis, millisSince(asked));
                }
            }
            Progress.say("half-open: %,d within %.0f ms", count, millisSince(begin));
            long during = server.usage().residentBytes();
            long last = System.nanoTime();
            failed += askOnce(address, site.trust()) ? 0 : 1;
            int open = awaitClosed(channels, last);
            double closedSeconds = millisSince(last) / 1_000;
            failed += askOnce(address, site.trust()) ? 0 : 1;
            long bytesEach = Math.max(0, during - before) / count;
            boolean isKept = failed == 0 && open == 0 && bytesEach <= BYTES_EACH_MAX;
            return new Outcome(
                    ResultLine.of("tls")
                            .put("half_open", count)
                            .put("bytes_each", bytesEach)
                            .put("closed_seconds", closedSeconds, 1)
                            .put("left_open", open)
                            .put("others_failed", failed)
                            .put("others_slowest_millis", slowestMillis, 0)
                            .put("server_rss_mib", server.usage().residentBytesPeak() >> 20),
                    isKept);
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static boolean askOnce(InetSocketAddress address, SSLContext trust) {
        try (Line line = Line.open(address, trust, null)) {
            line.store(1, 1);
            return true;
        } catch (IOException | BenchException e) {
            Progress.say("half-open: another one failed: %s", e);
            return false;
        }
    }

    /** What a client says first. */
    private static byte[] greeting(SSLContext trust) throws SSLException {
        SSLEngine engine = trust.createSSLEngine("localhost", 0);
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private static SocketChannel begin(InetSocketAddress address, byte[] greeting, int kind)
            throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        int bytes = kind == 0 ? 0 : kind == 1 ? greeting.length / 2 : greeting.length;
        ByteBuffer said = ByteBuffer.wrap(greeting, 0, bytes);
        while (said.hasRemaining()) {
            channel.write(said);
        }
        channel.configureBlocking(false);
        return channel;
    }

    /** Waits until the server has closed them; returns how many it has not in time. */
    private static int awaitClosed(List<SocketChannel> channels, long since) throws IOException {
        List<SocketChannel> open = new ArrayList<>(channels);
        ByteBuffer bin = ByteBuffer.allocate(16 << 10);
        while (!open.isEmpty() && millisSince(since) < 1_000 * CLOSED_SECONDS_MAX) {
            open.removeIf(channel -> isClosed(channel, bin));
            pause();
        }
        return open.size();
    }

    private static boolean isClosed(SocketChannel channel, ByteBuffer bin) {
        try {
            int read;
            do {
                read = channel.read(bin.clear());
            } while (read > 0);
            return read < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
