package io.larder.bench.peers;

import io.larder.bench.wire.Protocol;

/** A server and the protocol it is spoken to in: one side of a {@link Pair}. */
enum Side {
    MEMCACHED("memcached", Maker.MEMCACHED, Protocol.MEMCACHED),
    LARDER_MEMCACHED("Larder over memcached text", Maker.LARDER, Protocol.MEMCACHED),
    REDIS("Redis", Maker.REDIS, Protocol.RESP),
    LARDER_RESP("Larder over RESP", Maker.LARDER, Protocol.RESP),
    LARDER("Larder over its own protocol", Maker.LARDER, Protocol.LARDER);

    private final String title;
    private final Maker maker;
    private final Protocol protocol;

    Side(String title, Maker maker, Protocol protocol) {
        this.title = title;
        this.maker = maker;
        this.protocol = protocol;
    }

    /** As in a table. */
    String title() {
        return title;
    }

    Maker maker() {
        return maker;
    }

    Protocol protocol() {
        return protocol;
    }
}
