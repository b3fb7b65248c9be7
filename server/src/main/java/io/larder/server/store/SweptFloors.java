package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;

/**
 * The floors that a sweep of a shard's memory has made superfluous there, kept for the items that
 * lie elsewhere, which no sweep passes. Under the shard's lock.
 *
 * <p>Bounded: when there is no room for another tag or prefix, those there are become one floor for
 * every tagged item, or for every item. Older items are dead then, whether they had to be or not.
 */
final class SweptFloors {
    private TagFloors tags = new TagFloors();
    private PrefixFloors prefixes = PrefixFloors.EMPTY;
    private long ofAnyTag = TagFloors.NONE;
    private long ofAnyKey = TagFloors.NONE;

    /** Takes over the floors up to {@code version}. */
    void add(TagFloors sweptTags, PrefixFloors sweptPrefixes, long version) {
        sweptTags.forEachUpTo(version, this::addTag);
        sweptPrefixes.forEachUpTo(version, this::addPrefix);
    }

    private void addTag(long tag, long floor) {
        if (!tags.hasRoomFor(tag)) {
            ofAnyTag = Math.max(ofAnyTag, tags.highestUpTo(Long.MAX_VALUE));
            tags = new TagFloors();
        }
        if (tags.floor(tag) < floor) {
            tags = tags.raised(tag, floor);
        }
    }

    private void addPrefix(int space, byte[] prefix, long floor) {
        if (!prefixes.hasRoomFor(space, prefix)) {
            ofAnyKey = Math.max(ofAnyKey, prefixes.highestUpTo(Long.MAX_VALUE));
            prefixes = PrefixFloors.EMPTY;
        }
        prefixes = prefixes.raised(space, prefix, floor);
    }

    /** The highest floor that any tag has. */
    long highestOfTags() {
        return Math.max(ofAnyTag, tags.highestUpTo(Long.MAX_VALUE));
    }

    /** The highest floor that any prefix has. */
    long highestOfPrefixes() {
        return Math.max(ofAnyKey, prefixes.highestUpTo(Long.MAX_VALUE));
    }

    /** Has items with a tag, and all items, be dead up to these floors. */
    void raise(long anyTag, long anyKey) {
        ofAnyTag = Math.max(ofAnyTag, anyTag);
        ofAnyKey = Math.max(ofAnyKey, anyKey);
    }

    /** Whether an item with these traits is dead. */
    boolean cover(
            Memory memory, long position, int extensionBytes, long version, int space, Slice key) {
        int count = ItemLayout.tagCount(memory, position, extensionBytes);
        if (version <= ofAnyKey || (count > 0 && version <= ofAnyTag)) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (tags.floor(ItemLayout.tag(memory, position, extensionBytes, i)) >= version) {
                return true;
            }
        }
        return prefixes.cover(space, key, version);
    }
}
