package io.larder.bench.hostile;

import io.larder.bench.BenchException;
import io.larder.protocol.ProtocolLimits;
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
 * Request i is due at begin + i / rate on connection i mod n, and its id is i: so a reply tells when
 * its request was due, and nothing has to be remembered. What the sockets do not take waits in the
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

    private static final int BUSY = 0x80;
    private static final int STATUS_OFFSET = 3;
    private static final int REQUEST_ID_OFFSET = 8;
    private static final int BODY_LENGTH_OFFSET = 12;
    private static final int READ_BYTES = 64 << 10;
    private static final int UNSENT_BYTES_MAX = 4 << 20;
    private static final long DRAIN_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
    private static final byte[] GET = RawConnection.get("absent", 0);

    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(READ_BYTES);

    // Of the present stretch.
    private long beganNanos;
    private double intervalNanos;
    private long from; // requests due before this one do not count
    private long accepted;
    private long refused;
    private long answered;
    private Histogram micros = new Histogram(3);

    private final class Connection {
        final SocketChannel channel;
        final ByteBuffer unsent = ByteBuffer.allocate(UNSENT_BYTES_MAX);
        ByteBuffer reply = ByteBuffer.allocate(READ_BYTES);

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void ask(int id) {
            if (unsent.remaining() < GET.length) {
                throw new BenchException("overload: the server does not read (expected: BUSY)");
            }
            int at = unsent.position();
            unsent.put(GET).putInt(at + REQUEST_ID_OFFSET, id);
        }

        void send() throws IOException {
            if (unsent.position() > 0) {
                unsent.flip();
                channel.write(unsent);
                unsent.compact();
            }
        }

        void receive() throws IOException {
            int count = channel.read(scratch.clear());
            if (count < 0) {
                throw new BenchException("overload: the server has closed a connection");
            }
            scratch.flip();
            if (reply.remaining() < count) {
                reply = ByteBuffer.allocate(2 * (reply.capacity() + count)).put(reply.flip());
            }
            reply.put(scratch).flip();
            while (reply.remaining() >= ProtocolLimits.HEADER_BYTES) {
                int at = reply.position();
                int bytes = ProtocolLimits.HEADER_BYTES + reply.getInt(at + BODY_LENGTH_OFFSET);
                if (reply.remaining() < bytes) {
                    break;
                }
                note(reply.get(at + STATUS_OFFSET) & 0xFF, reply.getInt(at + REQUEST_ID_OFFSET));
                reply.position(at + bytes);
            }
            reply.compact();
        }
    }

    OpenLoop(InetSocketAddress address, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.write(ByteBuffer.wrap(RawConnection.hello()));
            if (channel.read(scratch.clear()) <= 0) {
                throw new BenchException("overload: no greeting");
            }
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        }
    }

    private void note(int status, int id) {
        answered++;
        if (id < from) {
            return;
        }
        if (status == BUSY) {
            refused++;
        } else {
            accepted++;
            long dueNanos = beganNanos + (long) (id * intervalNanos);
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
        micros = new Histogram(3);
        beganNanos = System.nanoTime();
        long asked = 0;
        while (asked < total) {
            long due =
                    Math.min(total, (long) ((System.nanoTime() - beganNanos) / intervalNanos) + 1);
            while (asked < due) {
                connections.get((int) (asked % connections.size())).ask((int) asked);
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
            connection.channel.close();
        }
        selector.close();
    }
}
