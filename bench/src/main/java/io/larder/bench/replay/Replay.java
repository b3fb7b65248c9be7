package io.larder.bench.replay;

import io.larder.bench.ResultLine;

/**
 * One trace through one cache. Time passes by a millisecond a request, so that replays are alike.
 * For one thread.
 */
final class Replay {
    private static final int RATIO_DECIMALS = 4;

    private final ReplayCache cache;
    private long requests;
    private long hits;
    private long bytes;
    private long hitBytes;

    Replay(ReplayCache cache) {
        this.cache = cache;
    }

    Replay run(Requests trace) {
        trace.forEach(this::next);
        return this;
    }

    private void next(Request request) {
        requests++;
        bytes += request.bytes();
        if (cache.access(request, requests)) {
            hits++;
            hitBytes += request.bytes();
        }
    }

    /** Its line: {@code RESULT replay policy=… hit_ratio=… requests=… hits=… …}. */
    ResultLine result(String policy) {
        ResultLine line =
                ResultLine.of("replay")
                        .put("policy", policy)
                        .put("hit_ratio", (double) hits / requests, RATIO_DECIMALS)
                        .put("requests", requests)
                        .put("hits", hits);
        if (bytes > 0) {
            line.put("byte_hit_ratio", (double) hitBytes / bytes, RATIO_DECIMALS);
        }
        return line.put("items_peak", cache.itemsPeak());
    }
}
