package io.larder.bench.wire;

/** What the generator can speak. */
public enum Protocol {
    /** Larder's own. */
    LARDER {
        @Override
        Dialect dialect(WireItems items) {
            return new BinaryDialect(items);
        }
    },
    /** memcached's text protocol. */
    MEMCACHED {
        @Override
        Dialect dialect(WireItems items) {
            return TextDialect.memcached(items);
        }
    },
    /** Redis's, version 2. */
    RESP {
        @Override
        Dialect dialect(WireItems items) {
            return TextDialect.resp(items);
        }
    };

    abstract Dialect dialect(WireItems items);
}
