package io.larder.bench.tls;

import io.larder.bench.BenchException;
import io.larder.bench.InProcess;
import io.larder.bench.LoopbackChannel;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.bench.tls.CostSide.Load;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Status;
import io.larder.server.auth.AccessControl;
import io.larder.server.auth.UsersException;
import io.larder.server.command.CommandDispatcher;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.CommandServices;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.NetConfig;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What permission checks add to a request, where nothing else differs: the same handlers, of the
 * same store, in one JVM that has compiled them once, on channels without a network. Everybody may
 * everything on the first; on the others a user has shown who he is. They take turns of some
 * milliseconds, and what counts is the thread's processor time. Closing it closes the store. For
 * one thread.
 */
final class PermissionCost implements AutoCloseable {
    private static final long MEMORY_BYTES = 128L << 20;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int WARMUP_SHARE = 3; // of the time, one part goes before what counts

    private final InProcess process = new InProcess(MEMORY_BYTES);
    private final Load load;
    private final byte[][] batches;

    PermissionCost(Load load) {
        this.load = load;
        this.batches = Line.gets(load.keys(), load.depth(), 1);
    }

    /**
     * Of one request, in nanoseconds of processor time.
     *
     * @param plain without users
     * @param users what a user who may everything costs more, the median of all turns
     * @param prefix the same of one who may to keys of a prefix
     */
    record Nanos(double plain, double users, double prefix) {}

    /** Measures for so long in all. */
    Nanos measure(Site site, int seconds) {
        LoopbackChannel plain = connect(AccessControl.open(), null);
        LoopbackChannel users = connect(control(site.users("*")), Site.TOKEN);
        LoopbackChannel prefix = connect(control(site.users("default:" + Line.PREFIX)), Site.TOKEN);
        for (byte[] batch : Line.sets(load.keys(), load.valueBytes())) {
            plain.feed(batch, 0, batch.length);
            requireRight(plain);
        }
        long turns = TimeUnit.SECONDS.toNanos(seconds) / TURN_NANOS / 3;
        List<Double> ofPlain = new ArrayList<>();
        List<Double> ofUsers = new ArrayList<>();
        List<Double> ofPrefix = new ArrayList<>();
        for (long turn = -turns / WARMUP_SHARE; turn < turns; turn++) {
            double nanos = turn(plain);
            double moreOfUsers = turn(users) - nanos;
            double moreOfPrefix = turn(prefix) - nanos;
            if (turn >= 0) {
                ofPlain.add(nanos);
                ofUsers.add(moreOfUsers);
                ofPrefix.add(moreOfPrefix);
            }
        }
        for (LoopbackChannel channel : List.of(plain, users, prefix)) {
            channel.feed(batches[0], 0, batches[0].length);
            requireRight(channel);
            channel.finishAndReleaseAll();
        }
        Nanos nanos =
                new Nanos(
                        Median.of(ofPlain).value(),
                        Median.of(ofUsers).value(),
                        Median.of(ofPrefix).value());
        Progress.say("tls: in one JVM, nanoseconds of a request: %s", nanos);
        return nanos;
    }

    private LoopbackChannel connect(AccessControl access, @Nullable String token) {
        CommandServices services = process.services(access, CommandLimits.DEFAULT);
        LoopbackChannel channel = new LoopbackChannel();
        new BinaryFrontend(NetConfig.DEFAULT, new CommandDispatcher(services), process.errors())
                .speak(channel);
        channel.pipeline().fireChannelActive();
        for (byte[] greeting : Line.greetings(token)) {
            channel.feed(greeting, 0, greeting.length);
            requireRight(channel);
        }
        return channel;
    }

    private static AccessControl control(Path users) {
        try {
            return AccessControl.of(users);
        } catch (UsersException e) {
            throw new BenchException(users + ": " + e.getMessage(), e);
        }
    }

    /** Nanoseconds of a request. */
    private double turn(LoopbackChannel channel) {
        long end = System.nanoTime() + TURN_NANOS;
        long begin = cpuNanos();
        long asked = 0;
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            byte[] batch = batches[i % batches.length];
            channel.feed(batch, 0, batch.length);
            channel.releaseReplies();
            asked += load.depth();
        }
        return (cpuNanos() - begin) / (double) asked;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Has the channel's replies read, all of which are to be right. */
    private static void requireRight(LoopbackChannel channel) {
        ByteBuf reply = channel.readOutbound();
        if (reply == null) {
            throw new BenchException("in one JVM: no answer");
        }
        while (reply != null) {
            for (int at = reply.readerIndex(); at < reply.writerIndex(); ) {
                int status = FrameHeader.status(reply, at);
                if (status != Status.OK.code()) {
                    throw new BenchException("in one JVM: status " + status + " (expected: OK)");
                }
                at += (int) FrameHeader.frameBytes(reply, at);
            }
            reply.release();
            reply = channel.readOutbound();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
