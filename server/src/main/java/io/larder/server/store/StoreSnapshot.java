package io.larder.server.store;

import io.larder.server.store.SnapshotBlocks.Block;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the snapshots of a store, one at a time, on the calling thread: see {@link ShardSnapshot}.
 */
final class StoreSnapshot {
    /** Chains per hold of a shard's lock. */
    static final int CHAINS_PER_HOLD = 16;

    private final Shard[] shards;
    private final SnapshotCut cut = new SnapshotCut();
    private final int chainsPerHold;

    StoreSnapshot(Shard[] shards, int chainsPerHold) {
        this.shards = shards;
        this.chainsPerHold = chainsPerHold;
        for (Shard shard : shards) {
            shard.snapshot.join(cut);
        }
    }

    /** See {@link ShardedStore#snapshot}. */
    long take(long nowMillis, Liveness liveness, SnapshotSink sink) throws IOException {
        cut.begin(nowMillis, liveness);
        try {
            sink.begin();
            visitAll(sink);
        } catch (Throwable e) {
            cut.lose();
            visitAll(null); // the next snapshot needs every chain marked
            throw e;
        }
        if (cut.isLost()) {
            throw new IOException(
                    "snapshot: writes changed more than "
                            + SnapshotCut.BYTES_MAX
                            + " bytes of items before these could be written (expected: fewer;"
                            + " a faster disk, or a quieter hour)");
        }
        return cut.omitted.get();
    }

    private void visitAll(@Nullable SnapshotSink sink) throws IOException {
        for (Shard shard : shards) {
            long bucket = 0;
            while (bucket >= 0) {
                bucket = shard.visitForSnapshot(bucket, chainsPerHold);
                takeBlocks(shard, sink);
                if (cut.bytesHeld.get() > 0) {
                    for (Shard other : shards) {
                        takeBlocks(other, sink);
                    }
                }
            }
        }
    }

    private static void takeBlocks(Shard shard, @Nullable SnapshotSink sink) throws IOException {
        Block block;
        while ((block = shard.takeSnapshotBlock()) != null) {
            if (sink == null) {
                block.drop();
            } else {
                block.complete();
                sink.accept(block.bytes, block.length, block.items);
            }
        }
    }
}
