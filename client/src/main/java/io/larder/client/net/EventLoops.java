package io.larder.client.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The threads of one client, and the kind of socket that suits them: epoll where the platform has
 * it, else NIO. Daemon threads named {@code larder-client-N}. Whoever makes it closes it.
 */
final class EventLoops implements AutoCloseable {
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();
    private static final long IDLE_SECONDS_MAX = 10;
    private static final long CLOSE_MILLIS_MAX = 5_000;

    private final List<Thread> loopThreads = new CopyOnWriteArrayList<>(); // as they are started
    private final EventLoopGroup group;
    private final EventLoop[] loops;
    private final Class<? extends SocketChannel> channelType;
    private final ThreadPoolExecutor largeValues;
    private int nextLoop; // of the thread that makes the client

    /**
     * @param threads from 1
     */
    EventLoops(int threads) {
        boolean epoll = Epoll.isAvailable();
        this.group =
                new MultiThreadIoEventLoopGroup(
                        threads,
                        (ThreadFactory) this::newLoopThread,
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loops = new EventLoop[threads];
        for (int i = 0; i < threads; i++) {
            loops[i] = group.next();
        }
        this.largeValues =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS_MAX,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(), // bounded by the windows
                        EventLoops::newThread);
        largeValues.allowCoreThreadTimeOut(true);
        this.channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    private Thread newLoopThread(Runnable work) {
        Thread thread = newThread(work);
        loopThreads.add(thread);
        return thread;
    }

    private static Thread newThread(Runnable work) {
        Thread thread =
                new FastThreadLocalThread(work, "larder-client-" + THREAD_NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** One after the other; while the client is being made. */
    EventLoop next() {
        return loops[nextLoop++ % loops.length];
    }

    Class<? extends SocketChannel> channelType() {
        return channelType;
    }

    /** A thread, if there is something to do, for work that would keep an event loop busy. */
    Executor largeValues() {
        return largeValues;
    }

    /**
     * Ends the threads, after the work they have.
     *
     * <p>Locking: waits for them up to 5 s, unless called on one of them.
     */
    @Override
    public void close() {
        largeValues.shutdown();
        var ended = group.shutdownGracefully(0, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        if (!inEventLoop()) {
            ended.awaitUninterruptibly(CLOSE_MILLIS_MAX);
        }
    }

    /** What each of the threads is doing right now, for who wonders why nothing happens. */
    String whereabouts() {
        if (loopThreads.isEmpty()) {
            return "none has been started";
        }
        return loopThreads.stream().map(EventLoops::whereabouts).collect(Collectors.joining(", "));
    }

    private static String whereabouts(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        String place = stack.length == 0 ? "" : " in " + stack[0];
        return thread.getName() + " is " + thread.getState() + place;
    }

    /** True on one of the threads, which must not wait for what they do themselves. */
    boolean inEventLoop() {
        Thread current = Thread.currentThread();
        for (EventLoop loop : loops) {
            if (loop.inEventLoop(current)) {
                return true;
            }
        }
        return false;
    }
}
