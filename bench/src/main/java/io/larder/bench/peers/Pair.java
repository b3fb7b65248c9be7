package io.larder.bench.peers;

import java.util.Locale;

/** What is compared: Larder with another, both over one protocol; and Larder over two. */
enum Pair {
    /** Larder over memcached's text protocol, beside memcached. */
    MEMCACHED(Side.LARDER_MEMCACHED, Side.MEMCACHED),
    /** Larder over RESP, beside Redis. */
    REDIS(Side.LARDER_RESP, Side.REDIS),
    /** Larder over its own protocol, beside itself over RESP. */
    OWN(Side.LARDER, Side.LARDER_RESP);

    private final Side larder;
    private final Side other;

    Pair(Side larder, Side other) {
        this.larder = larder;
        this.other = other;
    }

    Side larder() {
        return larder;
    }

    Side other() {
        return other;
    }

    /** As in a result line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
