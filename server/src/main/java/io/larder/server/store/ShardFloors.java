package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * What was invalidated by tag or key prefix in one shard and not yet swept: for each, the version
 * up to which its items are dead. Written under the shard's lock, read by any thread.
 */
/*
 * An invalidation goes through the shards one by one. In each, under the lock, it takes the next
 * version V as any write would and raises the floor to it: items of the tag or prefix up to V are
 * dead from then on, and every later write of the shard gets a version above V and is not touched.
 * For a key the invalidation is thus one step of its shard's line of writes, between two others:
 *
 *   Writers judge presence under the same lock, so none builds on a value that is dead and is then
 *   found above the floor. A compaction's copy keeps its version, a touch changes the expiry only:
 *   neither brings an item back. A larger write that is filled outside the lock gets its version
 *   where it is published.
 *
 *   A reader loads the floors (acquire) before it looks at a slot (the second look of step 2), and
 *   judges by them what it finds. If they lack the rule and the item is one it would cover, then
 *   either the rule came after the load: the item is in the slot later than that and was written
 *   before the rule, so there was a moment in the read at which it was the key's and not yet dead.
 *   Or the rule had gone: then the sweep had unlinked all it covers before it let the rule go
 *   (release), so the slot, loaded after, does not show the item. Floors loaded after the slot
 *   would be wrong here: the item seen, unlinked, the rule let go, and the dead item believed.
 *   If the rule is there, a floor that has risen since only says what is dead by now.
 *
 *   A reader that begins after the invalidation was acknowledged finds the floor raised in every
 *   shard. One that runs beside it may find one key gone and another, in a shard not yet reached,
 *   still there: an invalidation is atomic for each key, not over all of them at one moment.
 *
 * A sweep notes the shard's last version when it begins; at its end it has been through every chain
 * and unlinked what was dead, so floors up to that version cover nothing any more and are dropped.
 * An item never enters a chain already swept with an old version: only writes enter, with new ones;
 * moves stay in the chain or go up, to where the sweep has yet to come.
 */
final class ShardFloors {
    /** Both kinds, at least one of which is not empty. */
    static final class Active {
        final TagFloors tags;
        final PrefixFloors prefixes;

        Active(TagFloors tags, PrefixFloors prefixes) {
            this.tags = tags;
            this.prefixes = prefixes;
        }

        /** Whether an item with these traits is dead. Garbage in, garbage out, but no fault. */
        boolean cover(
                Memory memory,
                long position,
                int extensionBytes,
                long version,
                int space,
                Slice key) {
            int count = ItemLayout.tagCount(memory, position, extensionBytes);
            for (int i = 0; i < count; i++) {
                long tag = ItemLayout.tag(memory, position, extensionBytes, i);
                if (tags.floor(tag) >= version) {
                    return true;
                }
            }
            return prefixes.cover(space, key, version);
        }
    }

    private volatile @Nullable Active active; // written under the lock

    /** What was dropped, if items are kept elsewhere; under the lock. */
    private @Nullable SweptFloors swept;

    // The highest floors that were dropped; under the lock.
    private long retiredTag = TagFloors.NONE;
    private long retiredPrefix = TagFloors.NONE;

    /** What is in force; null if nothing is. */
    @Nullable Active active() {
        return active;
    }

    /** Has floors kept beyond a sweep, for items that it does not pass. Before the first one. */
    void keepSwept() {
        swept = new SweptFloors();
    }

    /** Under the lock: whether an item that is kept elsewhere is dead. */
    boolean coverOverflowed(OverflowedItem item, Slice key) {
        Active present = active;
        return isCovered(present, item, key) || isCovered(swept, item, key);
    }

    /** Under the lock: the highest floor that any tag has, or had. */
    long highestOfTags() {
        Active present = active;
        long highest = swept == null ? TagFloors.NONE : swept.highestOfTags();
        return present == null
                ? highest
                : Math.max(highest, present.tags.highestUpTo(Long.MAX_VALUE));
    }

    /** Under the lock: the same of prefixes. */
    long highestOfPrefixes() {
        Active present = active;
        long highest = swept == null ? TagFloors.NONE : swept.highestOfPrefixes();
        return present == null
                ? highest
                : Math.max(highest, present.prefixes.highestUpTo(Long.MAX_VALUE));
    }

    /** Under the lock: takes over such floors of an earlier run, for whatever they were. */
    void restoreForOverflow(long ofAnyTag, long ofAnyKey) {
        if (swept != null) {
            swept.raise(ofAnyTag, ofAnyKey);
        }
    }

    private static boolean isCovered(@Nullable Active floors, OverflowedItem item, Slice key) {
        return floors != null
                && floors.cover(
                        item.memory, 0, item.extensionBytes, item.version(), item.space(), key);
    }

    private static boolean isCovered(@Nullable SweptFloors floors, OverflowedItem item, Slice key) {
        return floors != null
                && floors.cover(
                        item.memory, 0, item.extensionBytes, item.version(), item.space(), key);
    }

    boolean hasRoomForTag(long tag) {
        Active present = active;
        return present == null || present.tags.hasRoomFor(tag);
    }

    boolean hasRoomForPrefix(int space, byte[] prefix) {
        Active present = active;
        return present == null || present.prefixes.hasRoomFor(space, prefix);
    }

    /** Under the lock; there is room. */
    void raiseTag(long tag, long version) {
        Active present = active;
        TagFloors before = present == null ? new TagFloors() : present.tags;
        TagFloors after = before.raised(tag, version);
        if (present == null || after != before) {
            active = new Active(after, present == null ? PrefixFloors.EMPTY : present.prefixes);
        }
    }

    /** Under the lock; there is room. */
    void raisePrefix(int space, byte[] prefix, long version) {
        Active present = active;
        PrefixFloors before = present == null ? PrefixFloors.EMPTY : present.prefixes;
        active =
                new Active(
                        present == null ? new TagFloors() : present.tags,
                        before.raised(space, prefix, version));
    }

    /**
     * Under the lock: whether the mutation's prefix or one of its tags was invalidated since its
     * fill began. Of floors that were dropped nobody knows any more whose they were: one of a
     * prefix counts for every key, one of a tag for whatever has a tag.
     */
    boolean haveRisenFor(Mutation mutation) {
        long fill = mutation.fill;
        if (retiredPrefix > fill || (mutation.tagCount() > 0 && retiredTag > fill)) {
            return true;
        }
        Active present = active;
        if (present == null) {
            return false;
        }
        for (int i = 0; i < mutation.tagCount(); i++) {
            if (present.tags.floor(mutation.tag(i)) > fill) {
                return true;
            }
        }
        return present.prefixes.cover(mutation.key.space(), mutation.key.bytes(), fill);
    }

    /** Under the lock: a sweep that began after {@code version} was given out is complete. */
    void retire(long version) {
        Active present = active;
        if (present != null) {
            if (swept != null) {
                swept.add(present.tags, present.prefixes, version);
            }
            retiredTag = Math.max(retiredTag, present.tags.highestUpTo(version));
            retiredPrefix = Math.max(retiredPrefix, present.prefixes.highestUpTo(version));
            TagFloors tags = present.tags.above(version);
            PrefixFloors prefixes = present.prefixes.above(version);
            active = tags.size() == 0 && prefixes.size() == 0 ? null : new Active(tags, prefixes);
        }
    }
}
