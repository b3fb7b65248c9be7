package io.larder.server.compat.resp;

import io.larder.server.compat.Peer;
import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections that are open, by their ids. Any thread. */
final class Clients {
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentSkipListMap<Long, Client> open = new ConcurrentSkipListMap<>();

    Client open(Peer peer, Consumer<ByteBuf> listener) {
        Client client = new Client(lastId.incrementAndGet(), peer, listener);
        open.put(client.id, client);
        return client;
    }

    void close(Client client) {
        open.remove(client.id);
    }

    /** The open one of an id; null if there is none. */
    @Nullable Client find(long id) {
        return open.get(id);
    }

    /** Those that are open, in the order they came. */
    Collection<Client> all() {
        return Collections.unmodifiableCollection(open.values());
    }
}
