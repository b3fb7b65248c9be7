package io.larder.server.store;

import io.larder.server.memory.History;
import io.larder.server.memory.HistoryMemory;
import io.larder.server.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * The store's own parts, but for an index whose geometry, which is no part of the memory, goes into
 * the memory's history if it has one. On any other memory there is no difference.
 */
class RecordedAssembly extends ShardAssembly {
    @Override
    HashIndex index(Memory arena, IndexChunks chunks) {
        return new RecordedIndex(arena, chunks);
    }

    static class RecordedIndex extends HashIndex {
        private final IndexChunks chunks;
        private final @Nullable History history;
        private final int location;

        RecordedIndex(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
            this.chunks = chunks;
            long first = geometryAcquire();
            history = arena instanceof HistoryMemory recorded ? recorded.history() : null;
            location = history == null ? 0 : history.allocate(1);
            if (history != null) {
                history.store(location, first, true);
            }
        }

        /** Leaves no memory for the index to grow by, as long as there is no segment either. */
        final void useUpChunks() {
            while (chunks.take() != IndexChunks.NONE) {
                assert chunks.chunkBytes() > 0;
            }
        }

        @Override
        final long geometryAcquire() {
            return history != null && history.reading()
                    ? history.loadAcquire(location)
                    : super.geometryAcquire();
        }

        @Override
        final void publishGeometry(long value) {
            super.publishGeometry(value);
            if (history != null) {
                history.store(location, value, true);
            }
        }
    }
}
