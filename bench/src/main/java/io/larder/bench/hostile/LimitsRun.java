package io.larder.bench.hostile;

import io.larder.bench.BenchException;
import io.larder.bench.LarderHome;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One look at a server's limits: clients of four bad kinds, one after the other. One thread. */
final class LimitsRun {
    /**
     * How many of each.
     *
     * @param stallSeconds the deadline of clients that never read
     */
    record Plan(int deaf, int idle, int slow, int descriptors, int stallSeconds) {}

    /**
     * What clients that never read have cost.
     *
     * @param closedMillis until all of them were cut off; -1 if some were not
     */
    record Deaf(long grownBytes, long closedMillis, long p99Before, long p99During) {}

    /** What idle connections have cost. */
    record Idle(int connections, long grownBytes) {}

    /**
     * What slow senders have cost.
     *
     * @param closedMillis until all of them were cut off; -1 if some were not
     */
    record Slow(int connections, long grownBytes, long closedMillis) {}

    /**
     * What came of it when descriptors ran out.
     *
     * @param failed accepts that did, as the server counted
     * @param recoveredMillis until a client was served again; -1 if none was
     */
    record Descriptors(long failed, long recoveredMillis) {}

    private static final int VALUE_BYTES = 1 << 20;
    private static final int GETS = 500;
    private static final long CALM_MILLIS = 4_000;
    private static final long GRACE_MILLIS = 5_000;
    private static final long FRAME_MILLIS = 30_000;
    private static final int DESCRIPTORS_MORE = 300;

    private final Plan plan;

    LimitsRun(Plan plan) {
        this.plan = plan;
    }

    private ServerProcess server() {
        return ServerProcess.open(
                List.of(
                        "store.memory=64m",
                        "limits.stall-timeout=" + plan.stallSeconds() + "s",
                        "limits.hello-timeout=60s"));
    }

    /** Clients that ask for 500 values of 1 MiB each and read none. */
    Deaf deaf() throws IOException {
        try (ServerProcess server = server();
                ProbeClient probe = new ProbeClient(server.ready().dataAddress())) {
            InetSocketAddress address = server.ready().dataAddress();
            try (RawConnection writer = RawConnection.greeted(address)) {
                writer.send(RawConnection.set("big", new byte[VALUE_BYTES], 1));
                writer.status();
                for (int i = 0; i < GETS / 10; i++) { // the code is warm, and the buffers are there
                    writer.send(RawConnection.get("big", 2));
                    writer.status();
                }
            }
            Waiting.sleep(CALM_MILLIS);
            probe.takeP99Micros();
            Waiting.sleep(CALM_MILLIS);
            long p99Before = probe.takeP99Micros();
            long before = server.usage().residentBytes();
            ServerFigures figures = new ServerFigures(server);
            List<RawConnection> deaf = new ArrayList<>();
            byte[] gets = gets();
            long beganNanos = System.nanoTime();
            for (int i = 0; i < plan.deaf(); i++) {
                RawConnection connection = RawConnection.greeted(address);
                connection.send(gets);
                deaf.add(connection);
            }
            Progress.say("limits: %d clients that do not read", deaf.size());
            long most = 0;
            while (Waiting.millisSince(beganNanos) < plan.stallSeconds() * 1_000L - 500) {
                most = Math.max(most, server.usage().residentBytes());
                Waiting.sleep(100);
            }
            long p99During = probe.takeP99Micros();
            long closed =
                    Waiting.until(
                            () -> figures.metric("larder_connections") <= 1,
                            plan.stallSeconds() * 1_000L + GRACE_MILLIS);
            long closedMillis = closed < 0 ? -1 : Waiting.millisSince(beganNanos);
            for (RawConnection each : deaf) {
                each.close();
            }
            return new Deaf(most - before, closedMillis, p99Before, p99During);
        }
    }

    private static byte[] gets() {
        byte[] get = RawConnection.get("big", 3);
        ByteBuffer all = ByteBuffer.allocate(GETS * get.length);
        for (int i = 0; i < GETS; i++) {
            all.put(get);
        }
        return all.array();
    }

    /** Connections that have greeted and then say nothing. */
    Idle idle() throws IOException {
        try (ServerProcess server = server()) {
            List<SocketChannel> open = new ArrayList<>();
            try {
                warm(server);
                long before = server.usage().residentBytes();
                connect(server.ready().dataAddress(), plan.idle(), open);
                ServerFigures figures = new ServerFigures(server);
                Waiting.until(
                        () -> figures.metric("larder_connections") >= plan.idle(), GRACE_MILLIS);
                int there = (int) figures.metric("larder_connections");
                Progress.say("limits: %d idle connections", there);
                return new Idle(there, server.usage().residentBytes() - before);
            } finally {
                close(open);
            }
        }
    }

    private static void warm(ServerProcess server) throws IOException {
        List<SocketChannel> open = new ArrayList<>();
        connect(server.ready().dataAddress(), 200, open);
        close(open);
        new ServerFigures(server).metric("larder_connections");
        Waiting.sleep(CALM_MILLIS);
    }

    private static void connect(InetSocketAddress address, int count, List<SocketChannel> open)
            throws IOException {
        ByteBuffer reply = ByteBuffer.allocate(4_096);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(address);
            open.add(channel);
            channel.write(ByteBuffer.wrap(RawConnection.hello()));
            if (channel.read(reply.clear()) < 0) {
                throw new BenchException("limits: connection " + i + " was closed");
            }
        }
    }

    private static void close(List<SocketChannel> open) throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
        open.clear();
    }

    /** Connections that send a request, a byte a second. */
    Slow slow() throws IOException {
        try (ServerProcess server = server()) {
            List<SocketChannel> open = new ArrayList<>();
            try {
                warm(server);
                long before = server.usage().residentBytes();
                connect(server.ready().dataAddress(), plan.slow(), open);
                int there = open.size();
                long beganNanos = System.nanoTime();
                byte[] set = RawConnection.set("k", new byte[VALUE_BYTES], 1);
                ServerFigures figures = new ServerFigures(server);
                long most = 0;
                int sent = 0;
                boolean areGone = false;
                while (!areGone && Waiting.millisSince(beganNanos) < FRAME_MILLIS + GRACE_MILLIS) {
                    trickle(open, set[sent++]);
                    most = Math.max(most, server.usage().residentBytes());
                    Waiting.sleep(1_000);
                    areGone = figures.metric("larder_connections") == 0;
                    Progress.say("limits: %d slow senders, byte %d", open.size(), sent);
                }
                long closedMillis = areGone ? Waiting.millisSince(beganNanos) : -1;
                return new Slow(there, most - before, closedMillis);
            } finally {
                close(open);
            }
        }
    }

    private static void trickle(List<SocketChannel> open, byte next) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = open.size() - 1; i >= 0; i--) {
            SocketChannel channel = open.get(i);
            try {
                channel.write(one.clear().put(next).flip());
            } catch (IOException cutOff) {
                channel.close();
                open.remove(i);
            }
        }
    }

    /** More connections than the process may have files. */
    Descriptors descriptors() throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of("sh", "-c", "ulimit -n " + plan.descriptors() + " && exec \"$@\"", "sh"));
        command.addAll(
                ServerProcess.command(
                        LarderHome.launcher().map(Path::toString), List.of("store.memory=64m")));
        try (ServerProcess server = ServerProcess.start(command)) {
            InetSocketAddress address = server.ready().dataAddress();
            ServerFigures figures = new ServerFigures(server);
            figures.metric("larder_accepts_failed_total"); // the code is there
            List<SocketChannel> open = new ArrayList<>();
            for (int i = 0; i < plan.descriptors() + DESCRIPTORS_MORE; i++) {
                open.add(SocketChannel.open(address));
            }
            Progress.say(
                    "limits: %d connections to %d descriptors", open.size(), plan.descriptors());
            Waiting.sleep(CALM_MILLIS);
            close(open);
            long beganNanos = System.nanoTime();
            long recovered = Waiting.until(() -> isServed(address), FRAME_MILLIS);
            long failed = (long) figures.metric("larder_accepts_failed_total");
            return new Descriptors(failed, recovered < 0 ? -1 : Waiting.millisSince(beganNanos));
        }
    }

    private static boolean isServed(InetSocketAddress address) {
        try (RawConnection connection = RawConnection.greeted(address)) {
            connection.send(RawConnection.get("k", 2));
            connection.status();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
