package io.larder.bench.linearizable;

import io.larder.bench.BenchException;
import io.larder.bench.ReadyLine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is: one after the other, each of them a life. A connection may fail only if the
 * life that it was made in is over. Any thread.
 */
final class Endpoint {
    private static final long AWAY_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);

    /**
     * A server, from its start to its end.
     *
     * @param number of those before it
     * @param data where clients connect
     * @param admin where its telnet admin is, as HOST:PORT
     */
    record Life(int number, InetSocketAddress data, String admin) {
        /** For the client library. */
        String uri() {
            return "larder://" + data.getHostString() + ":" + data.getPort();
        }
    }

    private Life life; // guarded by this
    private boolean isOver; // guarded by this
    private @Nullable Throwable failure; // guarded by this

    /** Of a server that is there. */
    Endpoint(InetSocketAddress data, String admin) {
        life = new Life(0, data, admin);
    }

    static Endpoint of(ReadyLine ready) {
        return new Endpoint(ready.dataAddress(), ready.listeners().getOrDefault("admin", ""));
    }

    /**
     * The server that there is. Locking: blocks while there is none.
     *
     * @throws BenchException if there is none for minutes, or will be none any more
     */
    synchronized Life await() {
        long endNanos = System.nanoTime() + AWAY_NANOS_MAX;
        try {
            while (isOver) {
                long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
                if (failure != null) {
                    throw new BenchException("server: does not come back: " + failure, failure);
                }
                if (leftMillis <= 0) {
                    throw new BenchException("server: does not come back");
                }
                wait(leftMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("server: interrupted while waiting for it", e);
        }
        return life;
    }

    /** A greeted connection to the server that there is. Locking: blocks while there is none. */
    Connected connect() throws IOException {
        while (true) {
            Life present = await();
            try {
                return new Connected(present, ClientConnection.open(present.data()));
            } catch (IOException e) {
                requireOver(present, e);
            }
        }
    }

    /** A connection, and the life it was made in. */
    record Connected(Life life, ClientConnection connection) {}

    /** Goes on if that life is over or about to be, which explains a failure; else throws it. */
    <E extends Exception> void requireOver(Life asked, E failure) throws E {
        if (!isOver(asked)) {
            throw failure;
        }
    }

    synchronized boolean isOver(Life asked) {
        return isOver || asked.number() < life.number();
    }

    /** From now on connections fail. */
    synchronized void end() {
        isOver = true;
    }

    /** The next server is there. */
    synchronized void begin(ReadyLine ready) {
        Life next = of(ready).await();
        life = new Life(life.number() + 1, next.data(), next.admin());
        isOver = false;
        notifyAll();
    }

    /** No server will be there any more. */
    synchronized void fail(Throwable thrown) {
        isOver = true;
        failure = thrown;
        notifyAll();
    }
}
