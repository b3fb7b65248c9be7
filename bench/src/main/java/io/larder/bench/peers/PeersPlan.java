package io.larder.bench.peers;

import io.larder.bench.wire.KeySequence.Distribution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench peers} measures, and how. Immutable.
 *
 * @param pairs that are compared
 * @param scope the workloads
 * @param keys that are stored, as far as they fit in {@link #VALUES_BYTES_MAX}
 * @param seconds of each measurement
 * @param rounds of which medians count
 * @param warmupSeconds of each side before a workload
 * @param servers where other programs are, beside the PATH
 * @param definitions for Larder, each key=value
 */
record PeersPlan(
        List<Pair> pairs,
        Scope scope,
        int keys,
        double seconds,
        int rounds,
        double warmupSeconds,
        @Nullable Path servers,
        List<String> definitions) {
    /** All values of a server together: large ones are fewer. */
    static final long VALUES_BYTES_MAX = 1L << 30;

    /**
     * Lists whose product the workloads are, except for connections: the first of them is measured
     * with all else, the others only at depth 1 with the first of the other lists.
     *
     * @param depths empty for those of each placement
     */
    record Scope(
            List<Placement> placements,
            List<Integer> depths,
            List<Crowd> crowds,
            List<Integer> valueBytes,
            List<Integer> setPercents,
            List<Distribution> distributions) {

        /** All of them, those of the same servers and values in a row. */
        List<Workload> workloads() {
            List<Workload> workloads = new ArrayList<>();
            for (int threads = 1; threads <= 2; threads++) {
                for (int bytes : valueBytes) {
                    for (Placement placement : placements) {
                        if (placement.threads() == threads) {
                            addAll(placement, bytes, workloads);
                        }
                    }
                }
            }
            return workloads;
        }

        private void addAll(Placement placement, int bytes, List<Workload> into) {
            for (int depth : depths.isEmpty() ? placement.depths() : depths) {
                for (int percent : setPercents) {
                    for (Distribution distribution : distributions) {
                        into.add(
                                new Workload(
                                        placement,
                                        depth,
                                        crowds.get(0),
                                        bytes,
                                        percent,
                                        distribution));
                    }
                }
                if (depth == 1 && bytes == valueBytes.get(0)) {
                    for (Crowd crowd : crowds.subList(1, crowds.size())) {
                        into.add(
                                new Workload(
                                        placement,
                                        depth,
                                        crowd,
                                        bytes,
                                        setPercents.get(0),
                                        distributions.get(0)));
                    }
                }
            }
        }
    }

    /** Keys that are stored with values of this size. */
    int keys(int valueBytes) {
        return (int) Math.max(1, Math.min(keys, VALUES_BYTES_MAX / valueBytes));
    }
}
