package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.accesslog.EventListener;
import io.larder.server.accesslog.EventLog;
import io.larder.server.accesslog.EventType;
import io.larder.server.admin.WatchCommand;
import io.larder.server.auth.Audit;
import io.larder.server.command.ReadTap;
import io.larder.server.command.SlowRequest;
import io.larder.server.memory.Slice;
import io.larder.server.net.ConnectionFigures;
import io.larder.server.net.ConnectionListener;
import io.larder.server.store.Key;
import java.util.Arrays;

/**
 * Puts into the event log what the store does not know of: connections, slow requests, and reads
 * while somebody watches them. For any thread.
 */
final class ServerEvents implements WatchCommand.Source, ConnectionListener, ReadTap.Listener {
    private static final int NO_SHARD = -1;

    private final LarderStore store;
    private final EventLog log;
    private final ReadTap reads;
    private int readWatchers; // guarded by this

    ServerEvents(LarderStore store, ReadTap reads) {
        this.store = store;
        this.log = store.events();
        this.reads = reads;
    }

    @Override
    public void watch(EventListener listener, boolean withReads) {
        store.watch(listener);
        if (withReads) {
            countReadWatchers(1);
        }
    }

    @Override
    public void unwatch(EventListener listener, boolean withReads) {
        store.unwatch(listener);
        if (withReads) {
            countReadWatchers(-1);
        }
    }

    private synchronized void countReadWatchers(int change) {
        readWatchers += change;
        reads.listener(readWatchers > 0 ? this : null);
    }

    @Override
    public void read(Key key, boolean isHit, long version) {
        log.offer(
                isHit ? EventType.HIT : EventType.MISS,
                NO_SHARD,
                key.space(),
                key.hash(),
                key.bytes(),
                version);
    }

    @Override
    public void opened(ConnectionFigures connection) {
        offer(EventType.CONNECTION_OPENED, connection);
    }

    @Override
    public void closed(ConnectionFigures connection) {
        offer(EventType.CONNECTION_CLOSED, connection);
    }

    /** Something happened about users; the text is what the log has. */
    void audit(Audit.Event event, String text) {
        if (log.isWatched()) {
            EventType type =
                    switch (event) {
                        case LOGIN -> EventType.LOGIN;
                        case LOGIN_FAILED -> EventType.LOGIN_FAILED;
                        case FORBIDDEN -> EventType.FORBIDDEN;
                        case OPERATED -> EventType.OPERATED;
                        case USERS_READ -> EventType.USERS_READ;
                        case USERS_REFUSED -> EventType.USERS_REFUSED;
                    };
            log.offer(type, NO_SHARD, 0, 0, Slice.of(text.getBytes(UTF_8)), 0);
        }
    }

    /** A request took long. */
    void slow(SlowRequest request) {
        if (log.isWatched()) {
            byte[] command = (request.command() + ' ').getBytes(UTF_8);
            byte[] key = request.key().toByteArray();
            byte[] text = Arrays.copyOf(command, command.length + key.length);
            System.arraycopy(key, 0, text, command.length, key.length);
            log.offer(
                    EventType.SLOW, NO_SHARD, request.space(), 0, Slice.of(text), request.micros());
        }
    }

    private void offer(EventType type, ConnectionFigures connection) {
        if (log.isWatched()) {
            Slice address = Slice.of(connection.address().getBytes(UTF_8));
            log.offer(type, NO_SHARD, 0, 0, address, connection.id());
        }
    }
}
