package io.larder.server.compat.memcached;

import io.larder.server.compat.Peer;
import io.larder.server.store.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** The connections that are open, as {@code stats conns} tells of them. Any thread. */
final class Connections {
    private final Clock clock;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, Open> open = new ConcurrentSkipListMap<>();

    Connections(Clock clock) {
        this.clock = clock;
    }

    /** One of them. */
    final class Open {
        private final long id;
        private final String address;
        private final String localAddress;
        private volatile long askedMillis = clock.nowMillis(); // written by its event loop

        private Open(long id, Peer peer) {
            this.id = id;
            this.address = peer.remoteAddress();
            this.localAddress = peer.localAddress();
        }

        /** Something has come on it. */
        void isAsking() {
            askedMillis = clock.nowMillis();
        }
    }

    Open open(Peer peer) {
        Open opened = new Open(lastId.incrementAndGet(), peer);
        open.put(opened.id, opened);
        return opened;
    }

    /** Idempotent. */
    void close(Open gone) {
        open.remove(gone.id);
    }

    /** Tells of all, in the order they came. */
    void tell(BiConsumer<String, String> sink) {
        long nowMillis = clock.nowMillis();
        for (Open each : open.values()) {
            long silentSeconds = Math.max(0, nowMillis - each.askedMillis) / 1000;
            sink.accept(each.id + ":addr", "tcp:" + each.address);
            sink.accept(each.id + ":listen_addr", "tcp:" + each.localAddress);
            sink.accept(each.id + ":state", silentSeconds == 0 ? "conn_parse_cmd" : "conn_read");
            sink.accept(each.id + ":secs_since_last_cmd", Long.toString(silentSeconds));
        }
    }
}
