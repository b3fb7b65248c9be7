package io.larder.bench.peers;

import io.larder.bench.wire.KeySequence.Distribution;

/**
 * One thing that is measured on all sides. Immutable.
 *
 * @param placement of servers and generator
 * @param depth requests that each connection sends before it awaits answers
 * @param crowd of connections
 * @param valueBytes of each value
 * @param setPercent of the requests, the others being GET
 * @param distribution of the keys asked for
 */
record Workload(
        Placement placement,
        int depth,
        Crowd crowd,
        int valueBytes,
        int setPercent,
        Distribution distribution) {

    /** In words, for tables. */
    String title() {
        return String.format(
                "%s, depth %d, %s connections, %d B, %d:%d, %s",
                placement.title(),
                depth,
                crowd,
                valueBytes,
                100 - setPercent,
                setPercent,
                distribution);
    }
}
