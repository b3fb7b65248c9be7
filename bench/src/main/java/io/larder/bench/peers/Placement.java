package io.larder.bench.peers;

import io.larder.bench.wire.Processors;
import java.util.List;

/** Where the servers and the generator run. */
enum Placement {
    /** All on one processor: no wake-up crosses processors, which makes depth 1 repeatable. */
    SAME_CORE("same core", 1),
    /** The servers on one processor, the generator on another. */
    CROSS_CORE("cross core", 1),
    /** Servers of two threads, and all go where they like. */
    UNPINNED("unpinned, 2 threads", 2);

    private final String title;
    private final int threads;

    Placement(String title, int threads) {
        this.title = title;
        this.threads = threads;
    }

    /** As in a table. */
    String title() {
        return title;
    }

    /** Of each server, for its connections. */
    int threads() {
        return threads;
    }

    /** The depths it is measured at unless others are asked for. */
    List<Integer> depths() {
        return switch (this) {
            case SAME_CORE -> List.of(1);
            case CROSS_CORE -> List.of(16, 64);
            case UNPINNED -> List.of(16);
        };
    }

    /** True if the generator has a processor of its own, on which it may spin. */
    boolean leavesGeneratorAlone() {
        return this == CROSS_CORE;
    }

    /**
     * Moves them there.
     *
     * @param allowed the processors that may be used, two at least
     * @param servers their process ids
     */
    void apply(List<Integer> allowed, Iterable<Long> servers) {
        List<Integer> first = List.of(allowed.get(0));
        List<Integer> serversTo = this == UNPINNED ? allowed : first;
        servers.forEach(pid -> Processors.move(pid, serversTo));
        List<Integer> generatorTo =
                switch (this) {
                    case SAME_CORE -> first;
                    case CROSS_CORE -> List.of(allowed.get(1));
                    case UNPINNED -> allowed;
                };
        Processors.move(ProcessHandle.current().pid(), generatorTo);
    }
}
