package io.larder.server.work;

/** Work on one shard that can be done a little at a time. */
@FunctionalInterface
public interface ShardTask {
    /**
     * Does about {@code budget} units of what there is to do and returns at least how many are
     * left, 0 if none. Never loops until done. Runs on one thread at a time.
     */
    int run(int budget);
}
