package io.larder.faults;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands between clients and a server on the loopback and does what networks do, to pushes above
 * all. Any thread may call anything; each connection has three threads of its own, all of them
 * daemons, which end with it.
 */
public final class FaultProxy implements AutoCloseable {
    /** What is counted, in the order of {@link FaultCounts}. */
    enum Kind {
        CONNECTION,
        PUSH,
        DROPPED,
        DELAYED,
        SYNC_DROPPED,
        STALL,
        SEVERED,
        DAMAGED_REQUEST,
        DAMAGED_REPLY
    }

    private static final int BACKLOG = 64;

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final SplittableRandom seeds;
    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class); // complete when made
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile FaultRates rates;
    private volatile boolean closed;

    /**
     * Listens on a free port of the loopback.
     *
     * @param seed of what goes wrong when; the threads' turns have their say, too
     */
    public FaultProxy(InetSocketAddress server, FaultRates rates, long seed) throws IOException {
        this.server = server;
        this.rates = rates;
        this.seeds = new SplittableRandom(seed);
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
        }
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start("faults-accept", this::accept);
    }

    static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                count(Kind.CONNECTION);
                ProxiedConnection connection = new ProxiedConnection(this, client, seeds.split());
                connections.add(connection);
                if (closed) {
                    connection.close();
                }
                connection.open(server);
            } catch (IOException e) {
                // the listener is closed, or this one connection could not be made
            }
        }
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Has other things go wrong from now on. */
    public void rates(FaultRates newRates) {
        rates = newRates;
    }

    FaultRates rates() {
        return rates;
    }

    /** Cuts off all connections there are. */
    public void sever() {
        for (ProxiedConnection connection : connections) {
            count(Kind.SEVERED);
            connection.close();
        }
    }

    void gone(ProxiedConnection connection) {
        connections.remove(connection);
    }

    void count(Kind kind) {
        adder(kind).increment();
    }

    private LongAdder adder(Kind kind) {
        return requireNonNull(counts.get(kind));
    }

    /** What has been done so far. */
    public FaultCounts counts() {
        return new FaultCounts(
                adder(Kind.CONNECTION).sum(),
                adder(Kind.PUSH).sum(),
                adder(Kind.DROPPED).sum(),
                adder(Kind.DELAYED).sum(),
                adder(Kind.SYNC_DROPPED).sum(),
                adder(Kind.STALL).sum(),
                adder(Kind.SEVERED).sum(),
                adder(Kind.DAMAGED_REQUEST).sum(),
                adder(Kind.DAMAGED_REPLY).sum());
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        connections.forEach(ProxiedConnection::close);
    }
}
