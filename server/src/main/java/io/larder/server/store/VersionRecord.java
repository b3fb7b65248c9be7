package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * The last version of each shard and the floors below which its items are dead, written down for
 * the process that comes after. In a store that ends with its process nothing is written down.
 *
 * <p>A shard's words are written under its lock; the names of rules by one invalidation at a time.
 */
final class VersionRecord {
    /*
     *  a block for each shard:
     *    0                8                                 64
     *   +----------------+----------------+-- unused ------+-----------------+-----------------+
     *   | last version   | fill floor     |                | 1024 tag floors | 64 prefix floors|
     *   +----------------+----------------+----------------+-----------------+-----------------+
     *  once, behind them:
     *   | 1024 tags 64 | 64 prefixes: space 32, length 32, unused 64, bytes 4096               |
     *
     *  a version or floor:   63   version 48   16 | 15   check 16   0        all zero: none
     *
     * A tag or prefix and its floors make a rule; it has the same number in all shards.
     *
     *   version   before any item gets it: stores of the item come later in the program
     *   rule      its name, by one thread at a time; then in each shard, under its lock, the floor;
     *             after the last shard the invalidation is acknowledged. A name is written only
     *             while no shard has a floor for it
     *   retire    under the lock, once a sweep has marked all that the floor covers DEAD
     *
     * Each word is one aligned release store: it is the old one or the new one, and whatever is
     * found in the mapping later was preceded by all that the program did before. The check depends
     * on the version and, for a floor, on the name, so a damaged word, or one whose name is not the
     * one it was stored for, is told from a good one.
     */
    static final VersionRecord NONE = new VersionRecord(null, 0);

    /** There is no room for another rule. */
    static final int NO_RULE = -1;

    /** What is read where a word is damaged. */
    static final long DAMAGED = -1;

    private static final int TAGS = TagFloors.TAGS_MAX;
    private static final int RULES = TAGS + PrefixFloors.PREFIXES_MAX;
    private static final int FILL_FLOOR_OFFSET = 8;
    private static final int FLOORS_OFFSET = 64;
    private static final int SHARD_BYTES = FLOORS_OFFSET + RULES * Memory.WORD_BYTES;
    private static final int PREFIX_HEADER_BYTES = 16;
    private static final int PREFIX_BYTES = PREFIX_HEADER_BYTES + Key.BYTES_MAX + 1;
    private static final int CHECK_BITS = 16;

    private final @Nullable Memory words;
    private final int shards;

    private VersionRecord(@Nullable Memory words, int shards) {
        this.words = words;
        this.shards = shards;
    }

    /** A record in {@code words}: all zero, or left by an earlier process. */
    static VersionRecord in(Memory words, int shards) {
        return new VersionRecord(words, shards);
    }

    /** Bytes of the record of so many shards. */
    static long bytes(int shards) {
        return prefixAt(shards, PrefixFloors.PREFIXES_MAX);
    }

    // ---- versions, under the shard's lock

    void given(int shard, long version) {
        if (words != null) {
            words.putLongRelease(shardAt(shard), word(version, shard));
        }
    }

    /** The last version given out; 0 if none was, {@link #DAMAGED} if that cannot be told. */
    long last(int shard) {
        return words == null ? 0 : version(words.getLong(shardAt(shard)), shard);
    }

    void fillFloor(int shard, long version) {
        if (words != null) {
            words.putLongRelease(shardAt(shard) + FILL_FLOOR_OFFSET, word(version, shard));
        }
    }

    /** Likewise the floor below which fills lose. */
    long fillFloor(int shard) {
        return words == null
                ? 0
                : version(words.getLong(shardAt(shard) + FILL_FLOOR_OFFSET), shard);
    }

    // ---- rules

    /** The rule of a tag, which is named if it is new; one invalidation at a time. */
    int ruleOfTag(long tag) {
        if (words == null) {
            return 0;
        }
        int free = NO_RULE;
        for (int rule = 0; rule < TAGS; rule++) {
            boolean isUsed = isUsed(rule);
            if (isUsed && words.getLong(tagAt(rule)) == tag) {
                return rule;
            }
            free = free == NO_RULE && !isUsed ? rule : free;
        }
        if (free != NO_RULE) {
            words.putLongRelease(tagAt(free), tag);
        }
        return free;
    }

    /** The rule of a prefix, which is named if it is new; one invalidation at a time. */
    int ruleOfPrefix(int space, byte[] prefix) {
        if (words == null) {
            return 0;
        }
        int free = NO_RULE;
        for (int rule = TAGS; rule < RULES; rule++) {
            boolean isUsed = isUsed(rule);
            if (isUsed
                    && space(rule) == space
                    && words.equalTo(at(rule), Slice.of(prefix))
                    && length(rule) == prefix.length) {
                return rule;
            }
            free = free == NO_RULE && !isUsed ? rule : free;
        }
        if (free != NO_RULE) {
            words.copyIn(at(free), Slice.of(prefix));
            words.putLongRelease(
                    at(free) - PREFIX_HEADER_BYTES, (long) prefix.length << 32 | space);
        }
        return free;
    }

    private boolean isUsed(int rule) {
        for (int shard = 0; shard < shards; shard++) {
            if (get(floorAt(shard, rule)) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Records a rule's floor in a shard, under its lock. */
    void raise(int shard, int rule, long version) {
        if (words != null) {
            words.putLongRelease(floorAt(shard, rule), word(version, nameOf(rule)));
        }
    }

    /** Forgets the floors of a shard up to {@code version}, under its lock. */
    void retire(int shard, long version) {
        if (words == null) {
            return;
        }
        for (int rule = 0; rule < RULES; rule++) {
            long floor = words.getLong(floorAt(shard, rule));
            if (floor != 0 && floor >>> CHECK_BITS <= version) {
                words.putLongRelease(floorAt(shard, rule), 0);
            }
        }
    }

    /** Whether no word is damaged. */
    boolean isSound() {
        for (int shard = 0; shard < shards; shard++) {
            if (last(shard) == DAMAGED
                    || fillFloor(shard) == DAMAGED
                    || !restore(shard, new ShardFloors())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Hands a shard the floors written down for it.
     *
     * @return false if one is damaged: nobody knows what else was dead
     */
    boolean restore(int shard, ShardFloors floors) {
        if (words == null) {
            return true;
        }
        for (int rule = 0; rule < RULES; rule++) {
            long word = words.getLong(floorAt(shard, rule));
            if (word == 0) {
                continue;
            }
            long version = rule >= TAGS && !isPrefix(rule) ? DAMAGED : version(word, nameOf(rule));
            if (version == DAMAGED) {
                return false;
            }
            if (rule < TAGS) {
                floors.raiseTag(words.getLong(tagAt(rule)), version);
            } else {
                byte[] prefix = new byte[length(rule)];
                words.copyOut(at(rule), prefix, 0, prefix.length);
                floors.raisePrefix(space(rule), prefix, version);
            }
        }
        return true;
    }

    // ---- places and words

    private boolean isPrefix(int rule) {
        return length(rule) >= 0 && length(rule) <= Key.BYTES_MAX;
    }

    private long nameOf(int rule) {
        if (rule < TAGS) {
            return get(tagAt(rule));
        }
        long name = get(at(rule) - PREFIX_HEADER_BYTES);
        for (int i = 0; i < length(rule); i++) {
            name = name * 31 + byteAt(at(rule) + i);
        }
        return name;
    }

    private int space(int rule) {
        return (int) get(at(rule) - PREFIX_HEADER_BYTES);
    }

    private int length(int rule) {
        return (int) (get(at(rule) - PREFIX_HEADER_BYTES) >>> 32);
    }

    private long get(long position) {
        return words == null ? 0 : words.getLong(position);
    }

    private byte byteAt(long position) {
        return words == null ? 0 : words.getByte(position);
    }

    private static long word(long version, long name) {
        return version << CHECK_BITS | check(version, name);
    }

    private static long version(long word, long name) {
        long version = word >>> CHECK_BITS;
        return word == 0 || word == word(version, name) ? version : DAMAGED;
    }

    private static long check(long version, long name) {
        return ItemSum.mix(version ^ ItemSum.mix(name + 1)) & (1 << CHECK_BITS) - 1;
    }

    private static long shardAt(int shard) {
        return (long) shard * SHARD_BYTES;
    }

    private static long floorAt(int shard, int rule) {
        return shardAt(shard) + FLOORS_OFFSET + (long) rule * Memory.WORD_BYTES;
    }

    private long tagAt(int rule) {
        return shardAt(shards) + (long) rule * Memory.WORD_BYTES;
    }

    /** Where the bytes of a prefix lie. */
    private long at(int rule) {
        return prefixAt(shards, rule - TAGS) + PREFIX_HEADER_BYTES;
    }

    private static long prefixAt(int shards, int prefix) {
        return shardAt(shards) + (long) TAGS * Memory.WORD_BYTES + (long) prefix * PREFIX_BYTES;
    }
}
