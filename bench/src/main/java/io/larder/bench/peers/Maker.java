package io.larder.bench.peers;

import io.larder.bench.PeerServer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose servers are compared. */
enum Maker {
    LARDER(null),
    MEMCACHED(PeerServer.Kind.MEMCACHED),
    REDIS(PeerServer.Kind.REDIS);

    private final PeerServer.@Nullable Kind kind;

    Maker(PeerServer.@Nullable Kind kind) {
        this.kind = kind;
    }

    /** The peer; empty for Larder. */
    Optional<PeerServer.Kind> kind() {
        return Optional.ofNullable(kind);
    }

    /** As in a result line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
