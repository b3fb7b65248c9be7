package io.larder.server.push;

import io.larder.server.store.Key;
import java.util.stream.Stream;

/** Which connections keep copies of which keys, in stripes that are independent. Any thread. */
final class TrackingTable {
    static final int STRIPES = 64;
    private static final int STRIPE_BITS = Integer.numberOfTrailingZeros(STRIPES);

    private final TrackingStripe[] stripes;

    /**
     * @param bytesMax of the heap, for all of it
     */
    TrackingTable(long bytesMax) {
        stripes =
                Stream.generate(() -> new TrackingStripe(bytesMax / STRIPES))
                        .limit(STRIPES)
                        .toArray(TrackingStripe[]::new);
    }

    private TrackingStripe stripeOf(long hash) {
        return stripes[(int) hash & STRIPES - 1];
    }

    void track(PushQueue queue, int regionId, Key key) {
        stripeOf(key.hash()).track(queue, regionId, key, key.hash() >>> STRIPE_BITS);
    }

    void changed(Key key) {
        stripeOf(key.hash()).changed(key, key.hash() >>> STRIPE_BITS);
    }

    void lost(int space, long hash, byte[] key) {
        stripeOf(hash).lost(space, hash, key, hash >>> STRIPE_BITS);
    }

    long bytes() {
        return Stream.of(stripes).mapToLong(TrackingStripe::bytes).sum();
    }

    long dropped() {
        return Stream.of(stripes).mapToLong(TrackingStripe::dropped).sum();
    }
}
