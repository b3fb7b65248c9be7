package io.larder.server.work;

/** Two tasks of one shard, one after the other in each turn. */
public final class TaskPair implements ShardTask {
    private final ShardTask first;
    private final ShardTask second;

    /** Both tasks are given the whole budget. */
    public TaskPair(ShardTask first, ShardTask second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public int run(int budget) {
        return Math.max(first.run(budget), second.run(budget));
    }
}
