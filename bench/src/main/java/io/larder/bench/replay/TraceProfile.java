package io.larder.bench.replay;

import io.larder.bench.BenchException;
import java.util.HashMap;
import java.util.Map;

/**
 * What has to be known of a trace before it is replayed.
 *
 * @param requests how many there are
 * @param keys how many different ones
 * @param sized whether any request says how many bytes its value has
 * @param bytesMean of the values of different keys, at least 1
 * @param bytesMax of any value
 */
public record TraceProfile(long requests, int keys, boolean sized, int bytesMean, int bytesMax) {

    /**
     * Reads the trace once.
     *
     * @throws BenchException if it has no request
     */
    public static TraceProfile of(Requests trace) {
        Map<Long, Integer> sizes = new HashMap<>();
        long[] requests = {0};
        int[] bytesMax = {0};
        trace.forEach(
                request -> {
                    requests[0]++;
                    bytesMax[0] = Math.max(bytesMax[0], request.bytes());
                    sizes.putIfAbsent(request.key(), request.bytes());
                });
        if (requests[0] == 0) {
            throw new BenchException("--trace: no request in it (expected: at least one line)");
        }
        long bytes = sizes.values().stream().mapToLong(Integer::longValue).sum();
        int bytesMean = (int) Math.max(1, bytes / sizes.size());
        return new TraceProfile(requests[0], sizes.size(), bytesMax[0] > 0, bytesMean, bytesMax[0]);
    }
}
