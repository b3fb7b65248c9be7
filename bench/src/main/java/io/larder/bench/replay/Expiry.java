package io.larder.bench.replay;

/** When what a request stores expires. */
final class Expiry {
    static final long NEVER = Long.MAX_VALUE;

    private Expiry() {}

    static long of(Request request, long nowMillis) {
        return request.ttlMillis() == 0 ? NEVER : nowMillis + request.ttlMillis();
    }
}
