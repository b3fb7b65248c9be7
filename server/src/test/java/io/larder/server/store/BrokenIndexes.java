package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.function.LongUnaryOperator;

/** The indexes of {@link Twin}s. */
final class BrokenIndexes {
    private BrokenIndexes() {}

    static final class RaisedFirst extends RecordedAssembly.RecordedIndex {
        private boolean raised;

        RaisedFirst(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
        }

        @Override
        void pullTogether(long primary) {
            super.raiseRelocation(primary);
            raised = true;
            super.pullTogether(primary);
            raised = false;
        }

        @Override
        void raiseRelocation(long primary) {
            if (!raised) {
                super.raiseRelocation(primary);
            }
        }
    }

    static final class RaisedLast extends RecordedAssembly.RecordedIndex {
        private long toRaise = NO_SLOT;

        RaisedLast(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
        }

        @Override
        void raiseRelocation(long primary) {
            toRaise = primary;
        }

        @Override
        void clearMoved(int count) {
            super.clearMoved(count);
            super.raiseRelocation(toRaise);
        }
    }

    static final class PublishedFirst extends RecordedAssembly.RecordedIndex {
        PublishedFirst(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
        }

        @Override
        void split(long seen, long image, LongUnaryOperator hashOfItemAt) {
            publishGeometry(after(seen));
            long source = primaryPosition(bucketOf(image, seen));
            int count = copyUp(seen, source, primaryPosition(image), hashOfItemAt);
            raiseRelocation(source);
            clearMoved(Math.max(0, count));
            pullTogether(source);
        }
    }

    static final class CasSwing extends RecordedAssembly.RecordedIndex {
        private final Memory memory;

        CasSwing(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
            this.memory = arena;
        }

        @Override
        void swing(long slotAt, long slot) {
            long seen = memory.getLong(slotAt);
            memory.compareAndSetLong(slotAt, seen, slot);
        }
    }

    static final class MarkLost extends RecordedAssembly.RecordedIndex {
        MarkLost(Memory arena, IndexChunks chunks) {
            super(arena, chunks);
        }

        @Override
        void inheritMark(long source, long target) {}
    }
}
