package io.larder.bench.client;

import io.larder.bench.PeerServer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The clients that are compared, and the servers they are for. */
enum ContenderKind {
    LARDER(null) {
        @Override
        Contender connect(String host, int port, int keys) {
            return new LarderContender(host, port, keys);
        }
    },
    LETTUCE(PeerServer.Kind.REDIS) {
        @Override
        Contender connect(String host, int port, int keys) {
            return new LettuceContender(host, port, keys);
        }
    },
    XMEMCACHED(PeerServer.Kind.MEMCACHED) {
        @Override
        Contender connect(String host, int port, int keys) {
            return new XmemcachedContender(host, port, keys);
        }
    },
    SPYMEMCACHED(PeerServer.Kind.MEMCACHED) {
        @Override
        Contender connect(String host, int port, int keys) {
            return new SpymemcachedContender(host, port, keys);
        }
    };

    private final PeerServer.@Nullable Kind server;

    ContenderKind(PeerServer.@Nullable Kind server) {
        this.server = server;
    }

    /** What it talks to; empty if that is Larder. */
    Optional<PeerServer.Kind> server() {
        return Optional.ofNullable(server);
    }

    /** As in a result line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Connects, with the client's defaults where nothing speaks against them. */
    abstract Contender connect(String host, int port, int keys);

    /** The text of a key, 20 characters. */
    static String keyText(int key) {
        return String.format(Locale.ROOT, "bench:user:%09d", key);
    }
}
