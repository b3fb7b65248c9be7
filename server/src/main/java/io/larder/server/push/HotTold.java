package io.larder.server.push;

import io.larder.protocol.PushBody;

/**
 * Which hot keys a connection has been told of lately: it is told again before what it was told
 * ends, and not sooner. Bounded: keys that share a place are told of more often. One thread, the
 * connection's event loop.
 */
final class HotTold {
    private static final int PLACES = 64;
    private static final long AGAIN_MILLIS = PushBody.HOT_MILLIS / 2;

    private final long[] identities = new long[PLACES];
    private final long[] toldMillis = new long[PLACES];

    /** Whether it is time to tell of a key; if so, it counts as told. */
    boolean isDue(long identity, long nowMillis) {
        int place = (int) (identity >>> 10) & PLACES - 1;
        boolean wasTold =
                identities[place] == identity && nowMillis - toldMillis[place] < AGAIN_MILLIS;
        if (!wasTold) {
            identities[place] = identity;
            toldMillis[place] = nowMillis;
        }
        return !wasTold;
    }
}
