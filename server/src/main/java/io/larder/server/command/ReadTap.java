package io.larder.server.command;

import io.larder.server.store.Key;
import org.jspecify.annotations.Nullable;

/**
 * Lets one listener see the reads of all connections. While there is none a read costs one load of
 * a field that nobody writes. Any thread may set the listener; it is called on the event loops.
 */
public final class ReadTap {
    /** Told of reads. It must not block, and the key is valid during the call. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A key was asked for.
         *
         * @param version of what was found; 0 on a miss
         */
        void read(Key key, boolean isHit, long version);
    }

    private volatile @Nullable Listener listener;

    /** Sets who sees reads from now on; null for nobody. */
    public void listener(@Nullable Listener newListener) {
        listener = newListener;
    }

    void read(Workbench bench, boolean isHit) {
        Listener told = listener;
        if (told != null) {
            told.read(bench.mutation.key, isHit, isHit ? bench.sink.version() : 0);
        }
    }
}
