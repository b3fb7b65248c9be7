package io.larder.server.store;

import io.larder.server.store.Mutation.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Store#update}: entries that a function sees, and changes, all under the locks of their
 * shards. For one thread, once.
 */
class EntryUpdate {
    /*
     * An attempt: lock the shards -> find the keys and judge the conditions -> have the function
     * decide -> reserve and fill everything that is to be put -> publish and bury -> unlock.
     *
     * No deadlock. A shard is the topmost bits of a hash; keys are taken in ascending order of
     * their hashes, unsigned, so every update takes its locks in ascending order of the shards.
     * Everybody else holds one shard's lock at a time.
     *
     * All or nothing. Nothing is published before there is room for everything. Without room what
     * was reserved is given up, the locks are released, and it begins anew with what is there then.
     * Other writers and other updates see all of it or nothing. A read takes no lock: it sees each
     * key change at once, but one key after the other.
     *
     * Publishing moves slots: it may split a bucket, or give a full chain's coldest place to the
     * new item, which may be that of another key of this update. So a slot found before is not
     * used any more: each key is looked up again. What the function took from the other items has
     * been copied by then.
     */
    private static final Comparator<Entry> ASCENDING =
            (left, right) -> Long.compareUnsigned(left.key.hash(), right.key.hash());

    private static final long NONE = SegmentLog.NO_SPACE;

    private static final class Entry {
        final int index;
        final Mutation mutation;
        final Key key;
        final ShardWriter writer;
        final WriteSteps steps;
        int bytes;
        long reserved = NONE;
        boolean wantsReclaim;

        Entry(int index, Mutation mutation, ShardWriter writer) {
            this.index = index;
            this.mutation = mutation;
            this.key = mutation.key;
            this.writer = writer;
            this.steps = writer.steps;
        }

        long find() {
            return steps.shard.index.find(key);
        }
    }

    private final Mutation[] mutations;
    private final Entry[] entries; // in the order of the locks
    private final @Nullable ItemView[] items; // in the order of the mutations
    private final long lockNanosMax;
    private final EntryFunction function;
    private final long nowMillis;

    /**
     * @param mutations one per key, with its conditions
     * @param writerOf finds the writer of a key's shard
     * @throws IllegalArgumentException if there is no key, or one is there twice
     */
    EntryUpdate(
            Mutation[] mutations,
            Function<Key, ShardWriter> writerOf,
            EntryFunction function,
            long nowMillis) {
        int count = mutations.length;
        if (count == 0 || count > Store.UPDATE_KEYS_MAX) {
            throw new IllegalArgumentException(
                    "keys: " + count + " (expected: 1.." + Store.UPDATE_KEYS_MAX + ")");
        }
        this.mutations = mutations;
        this.function = function;
        this.nowMillis = nowMillis;
        this.lockNanosMax = mutations[0].lockNanosMax;
        this.items = new ItemView[count];
        this.entries = new Entry[count];
        for (int i = 0; i < count; i++) {
            entries[i] = new Entry(i, mutations[i], writerOf.apply(mutations[i].key));
        }
        Arrays.sort(entries, ASCENDING);
        for (int i = 1; i < count; i++) {
            if (entries[i].key.sameAs(entries[i - 1].key)) {
                throw new IllegalArgumentException("keys: one is there twice (expected: once)");
            }
        }
    }

    /** Locking: the locks of all keys' shards; outside of them may reclaim a segment. */
    WriteStatus run() {
        for (int helps = 0; ; helps++) {
            WriteStatus status = attempt();
            if (status != WriteStatus.BUSY || !starved().madeRoom(helps)) {
                return status;
            }
        }
    }

    /** The shard whose reservation failed, after an attempt that was BUSY: the first without. */
    private WriteSteps starved() {
        for (Entry entry : entries) {
            if (entry.mutation.change == Change.PUT && entry.reserved == NONE) {
                return entry.steps;
            }
        }
        throw new AssertionError("BUSY though everything was reserved");
    }

    private WriteStatus attempt() {
        int locked = 0;
        try {
            long deadlineNanos = System.nanoTime() + lockNanosMax;
            for (; locked < entries.length; locked++) {
                if (!lock(locked, deadlineNanos)) {
                    return WriteStatus.TIMED_OUT;
                }
            }
            WriteStatus status = look();
            if (status != WriteStatus.DONE) {
                return status;
            }
            function.apply(mutations, items);
            status = reserveAll();
            if (status == WriteStatus.DONE) {
                publishAll();
            }
            return status;
        } finally {
            unlock(locked);
        }
    }

    private boolean isFirstOfShard(int i) {
        return i == 0 || entries[i].writer != entries[i - 1].writer;
    }

    boolean lock(int i, long deadlineNanos) {
        if (!isFirstOfShard(i)) {
            return true;
        }
        return entries[i].steps.lock(
                lockNanosMax == Mutation.UNLIMITED
                        ? Mutation.UNLIMITED
                        : deadlineNanos - System.nanoTime());
    }

    /** The listener is told, and reclamation asked for, once no lock is held any more. */
    private void unlock(int locked) {
        List<Runnable> untold = new ArrayList<>(locked);
        for (int i = locked - 1; i >= 0; i--) {
            entries[i].wantsReclaim = isFirstOfShard(i) && entries[i].steps.release(untold);
        }
        untold.forEach(Runnable::run);
        for (int i = 0; i < locked; i++) {
            if (entries[i].wantsReclaim) {
                entries[i].steps.requestReclaim();
            }
        }
    }

    private WriteStatus look() {
        for (Entry entry : entries) {
            entry.mutation.change = Change.KEEP;
            entry.reserved = NONE;
            long slotAt = entry.find();
            WriteStatus status = entry.steps.decideOnPresent(entry.mutation, slotAt, nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            items[entry.index] =
                    entry.steps.shard.present(slotAt, nowMillis)
                            ? entry.steps.view(slotAt, entry.key.view)
                            : null;
        }
        return WriteStatus.DONE;
    }

    private WriteStatus reserveAll() {
        WriteStatus status = WriteStatus.BUSY;
        try {
            status = reserveEach();
        } finally {
            if (status != WriteStatus.DONE) {
                for (Entry entry : entries) {
                    if (entry.reserved >= 0) {
                        entry.steps.abandon(entry.mutation, entry.reserved, entry.bytes);
                        entry.steps.unlimitIdling(entry.mutation);
                    }
                }
            }
        }
        return status;
    }

    private WriteStatus reserveEach() {
        for (Entry entry : entries) {
            Mutation mutation = entry.mutation;
            if (mutation.change != Change.PUT) {
                continue;
            }
            entry.steps.limitIdling(mutation, nowMillis);
            int valueLength = mutation.value.length();
            int extensionBytes = entry.steps.extensionBytes(mutation);
            if (!entry.steps.isInline(valueLength)
                    || !entry.steps.fits(mutation, extensionBytes, valueLength)) {
                return WriteStatus.TOO_LARGE;
            }
            entry.bytes =
                    ItemLayout.itemBytes(extensionBytes, entry.key.bytes().length(), valueLength);
            entry.reserved =
                    entry.steps.reserve(
                            mutation,
                            entry.find(),
                            valueLength,
                            entry.bytes,
                            extensionBytes,
                            nowMillis);
            if (entry.reserved < 0) {
                entry.steps.unlimitIdling(mutation);
                return WriteSteps.refused(entry.reserved);
            }
            entry.steps.fill(mutation, mutation.value, entry.reserved, extensionBytes);
            entry.steps.seal(entry.reserved);
        }
        return WriteStatus.DONE;
    }

    private void publishAll() {
        for (Entry entry : entries) {
            Mutation mutation = entry.mutation;
            if (mutation.change == Change.PUT) {
                long slotAt = entry.find();
                entry.steps.publish(mutation, entry.reserved, slotAt, nowMillis, entry.bytes);
            } else if (mutation.change == Change.REMOVE && items[entry.index] != null) {
                entry.writer.bury(mutation, entry.find(), nowMillis);
            } else if (mutation.change == Change.REMOVE) {
                entry.steps.shard.fills.changed(entry.key.hash());
            }
        }
    }
}
