package io.larder.server.net;

import io.netty.channel.Channel;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The data listener's connections, for those who look after them. Any thread may call anything. */
public final class ConnectionTable {
    /** The most a pause can last. */
    public static final long PAUSE_MILLIS_MAX = 60_000;

    private final ConcurrentHashMap<Long, BinaryConnection> connections = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private volatile ConnectionListener listener = ConnectionListener.NONE;

    /** Sets who is told of connections from now on. */
    public void onChange(ConnectionListener newListener) {
        listener = newListener;
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    void add(BinaryConnection connection) {
        connections.put(connection.figures().id(), connection);
        listener.opened(connection.figures());
    }

    void remove(BinaryConnection connection) {
        if (connections.remove(connection.figures().id(), connection)) {
            listener.closed(connection.figures());
        }
    }

    /** Those that are open, in the order of accepting. */
    public List<ConnectionFigures> open() {
        return connections.values().stream()
                .map(BinaryConnection::figures)
                .sorted(Comparator.comparingLong(ConnectionFigures::id))
                .toList();
    }

    /** Closes a connection; false if there is none of this number. */
    public boolean kill(long id) {
        BinaryConnection connection = connections.get(id);
        if (connection == null) {
            return false;
        }
        Channel channel = connection.channel();
        var unused = channel.close();
        return true;
    }

    /**
     * Has no connection read for a time: what clients send waits with them. What has been read is
     * answered. A further pause replaces the one before; 0 ends it.
     *
     * @param millis 0 to {@link #PAUSE_MILLIS_MAX}
     */
    public void pause(long millis) {
        if (millis < 0 || millis > PAUSE_MILLIS_MAX) {
            throw new IllegalArgumentException(
                    "millis: " + millis + " (expected: 0.." + PAUSE_MILLIS_MAX + ")");
        }
        for (BinaryConnection connection : connections.values()) {
            Channel channel = connection.channel();
            channel.eventLoop()
                    .execute(new ConnectionTask(channel, () -> connection.pause(millis)));
        }
    }
}
