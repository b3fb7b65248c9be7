package io.larder.bench.hostile;

import io.larder.bench.BenchException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Asks at a fixed rate, whether answers come or not, and times each from when it was due. For one
 * thread, on which all of it runs.
 */
/*
 * Request i is due at begin + i / rate on connection i mod n, and each connection's replies come in
 * the order of its requests: so the k-th reply on connection c is that to request k * n + c, and
 * nothing has to be remembered. What the sockets do not take waits in the
 * connection's own buffer, as in a client that goes on asking; its time counts.
 */
final class OpenLoop implements AutoCloseable {
    /**
     * What came of one stretch.
     *
     * @param offered requests
     * @param accepted of them, that were carried out
     * @param refused of them, that were BUSY
     * @param micros from when each accepted one was due to its reply
     */
    record Stretch(long offered, long accepted, long refused, double seconds, Histogram micros) {
        double acceptedPerSecond() {
            return accepted / seconds;
        }

        long p99Micros() {
            return micros.getValueAtPercentile(99);
        }
    }

    private static final int READ_BYTES = 64 << 10;
    private static final int UNSENT_BYTES_MAX = 4 << 20;
    private static final long DRAIN_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final GetProtocol protocol;
    private final byte[] request;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();

    // Of the present stretch.
    private long beganNanos;
    private double intervalNanos;
    private long from; // requests due before this one do not count
    private long accepted;
    private long refused;
    private long answered;
    private Histogram micros = new Histogram(3);

    private final class Connection implements AutoCloseable {
        final SocketChannel channel;
        final ByteBuf unsent = Unpooled.buffer(READ_BYTES, UNSENT_BYTES_MAX);
        final ByteBuf replies = Unpooled.buffer(READ_BYTES);
        final int number;
        long next; // the request that the next reply is to

        Connection(InetSocketAddress address, int number) throws IOException {
            this.number = number;
            channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            byte[] greeting = protocol.greeting();
            if (greeting.length > 0) {
                channel.write(ByteBuffer.wrap(greeting));
                while (protocol.replyBytes(replies) == 0) {
                    read();
                }
                replies.clear();
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void begin() {
            next = number;
        }

        void ask() {
            if (unsent.maxWritableBytes() < request.length) {
                throw new BenchException("overload: the server does not read (expected: BUSY)");
            }
            unsent.writeBytes(request);
        }

        void send() throws IOException {
            if (unsent.isReadable()) {
                unsent.readBytes(channel, unsent.readableBytes());
                unsent.discardReadBytes();
            }
        }

        void receive() throws IOException {
            read();
            for (int bytes = protocol.replyBytes(replies);
                    bytes > 0;
                    bytes = protocol.replyBytes(replies)) {
                note(next, protocol.isBusy(replies));
                next += connections.size();
                replies.skipBytes(bytes);
            }
            replies.discardReadBytes();
        }

        private void read() throws IOException {
            if (replies.writeBytes(channel, READ_BYTES) < 0) {
                throw new BenchException("overload: the server has closed a connection");
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    OpenLoop(GetProtocol protocol, InetSocketAddress address, int count) throws IOException {
        this.protocol = protocol;
        this.request = protocol.request();
        for (int i = 0; i < count; i++) {
            connections.add(new Connection(address, i));
        }
    }

    private void note(long index, boolean isBusy) {
        answered++;
        if (index < from) {
            return;
        }
        if (isBusy) {
            refused++;
        } else {
            accepted++;
            long dueNanos = beganNanos + (long) (index * intervalNanos);
            micros.recordValue(Math.max(0, (System.nanoTime() - dueNanos) / 1_000));
        }
    }

    /**
     * Asks for a while and waits for all answers.
     *
     * @param uncounted seconds at the beginning that do not count
     */
    Stretch run(double perSecond, double seconds, double uncounted) throws IOException {
        intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long total = (long) (perSecond * seconds);
        from = (long) (perSecond * uncounted);
        accepted = 0;
        refused = 0;
        answered = 0;
        connections.forEach(Connection::begin);
        micros = new Histogram(3);
        beganNanos = System.nanoTime();
        long asked = 0;
        while (asked < total) {
            long due =
                    Math.min(total, (long) ((System.nanoTime() - beganNanos) / intervalNanos) + 1);
            while (asked < due) {
                connections.get((int) (asked % connections.size())).ask();
                asked++;
            }
            exchange();
        }
        double took = (System.nanoTime() - beganNanos) / 1e9 - uncounted;
        long counted = total - from;
        long deadline = System.nanoTime() + DRAIN_NANOS_MAX;
        while (answered < total) {
            if (System.nanoTime() > deadline) {
                throw new BenchException(
                        "overload: " + (total - answered) + " requests without an answer");
            }
            exchange();
        }
        return new Stretch(counted, accepted, refused, took, micros);
    }

    private void exchange() throws IOException {
        for (Connection connection : connections) {
            connection.send();
        }
        selector.select(1);
        for (SelectionKey key : selector.selectedKeys()) {
            ((Connection) key.attachment()).receive();
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
