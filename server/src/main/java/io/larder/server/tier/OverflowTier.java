package io.larder.server.tier;

import io.larder.server.store.Key;
import io.larder.server.store.OverflowedItem;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.store.ValueSink;
import org.jspecify.annotations.Nullable;

/**
 * What commands see of the place where evicted items go. For any thread; nothing blocks.
 *
 * <p>A read looks at memory first. Where that misses, {@link #stamp} says whether the key may be
 * here, and {@link #fetch} brings what is kept under that stamp, later and on another thread;
 * whether it still is the key's item, the store decides then.
 *
 * <p>A miss is true only if {@link #changes} says the same before the look at memory and after the
 * look at the stamp: else the item may have changed its place in between.
 */
public interface OverflowTier {
    /** Whoever waits for a fetch. */
    interface FetchWaiter {
        /** It is over. Called once for each fetch that was accepted, on any thread, soon done. */
        void onFetched(Fetched fetched);
    }

    /**
     * What a fetch has brought.
     *
     * @param hash of the key it was for
     * @param stamp under which it was looked for
     * @param item null if there is none, or it cannot be had
     */
    record Fetched(long hash, long stamp, @Nullable OverflowedItem item) {}

    /** No tier. */
    OverflowTier OFF =
            new OverflowTier() {
                @Override
                public boolean isAttached() {
                    return false;
                }

                @Override
                public long changes(Key key) {
                    return 0;
                }

                @Override
                public long stamp(Key key) {
                    return ShardOverflow.NONE;
                }

                @Override
                public boolean fetch(Key key, long stamp, boolean takeBack, FetchWaiter waiter) {
                    return false;
                }

                @Override
                public ReadStatus read(Key key, Fetched fetched, long nowMillis, ValueSink sink) {
                    return ReadStatus.MISS;
                }

                @Override
                public void fetchIsLate() {}

                @Override
                public long fetchMillisMax() {
                    return 1;
                }

                @Override
                public void countRead(boolean isHit) {}
            };

    /** Whether there is a tier at all; it may still be switched off for a while. */
    boolean isAttached();

    /** A number that is another one once anything near the key has come here or gone. */
    long changes(Key key);

    /**
     * The stamp of what may be the key's item; {@link ShardOverflow#NONE} if it is not here, or all
     * there is was {@linkplain Key#passOver passed over}.
     */
    long stamp(Key key);

    /**
     * Has the waiter told what is kept under a stamp; false if too many wait already.
     *
     * @param takeBack whether the item is to be in memory by then; so it is, too, if it was read
     *     before, or several wait for it
     */
    boolean fetch(Key key, long stamp, boolean takeBack, FetchWaiter waiter);

    /**
     * Hands what was fetched for a key to the sink, if it still is the key's item. What turns out
     * not to be the key's, or not to be there, is passed over from then on.
     *
     * <p>Locking: the shard's lock, briefly; not for the sink.
     */
    ReadStatus read(Key key, Fetched fetched, long nowMillis, ValueSink sink);

    /** A fetch has taken longer than {@link #fetchMillisMax}: better do without for a while. */
    void fetchIsLate();

    /** How long a fetch may take, in millis. */
    long fetchMillisMax();

    /** Counts a read that missed in memory, by whether it was answered from here. */
    void countRead(boolean isHit);
}
