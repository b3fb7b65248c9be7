package io.larder.server.store;

import io.larder.server.memory.Slice;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The floors of the key prefixes invalidated of late in one shard. Immutable. */
/*
 * The rules are sorted by space and prefix, bytes unsigned, the shorter first; each knows the
 * longest other one that its prefix begins with. Let P be the last rule not above a key. Whatever
 * lies between a prefix Q of the key and the key itself begins with Q; so every rule that is a
 * prefix of the key is P or among those P begins with. A search by halves finds P, and what matches
 * is what is left of that line once those longer than the bytes P and the key share are passed over.
 */
final class PrefixFloors {
    /** The most prefixes that may have a floor at once. */
    static final int PREFIXES_MAX = 64;

    private static final int NONE = -1;

    static final PrefixFloors EMPTY = new PrefixFloors(List.of());

    private static final class Rule implements Comparable<Rule> {
        final int space;
        final byte[] prefix;
        final long floor;

        Rule(int space, byte[] prefix, long floor) {
            this.space = space;
            this.prefix = prefix;
            this.floor = floor;
        }

        @Override
        public int compareTo(Rule other) {
            return space != other.space
                    ? Integer.compare(space, other.space)
                    : Arrays.compareUnsigned(prefix, other.prefix);
        }

        boolean isOf(int otherSpace, byte[] otherPrefix) {
            return space == otherSpace && Arrays.equals(prefix, otherPrefix);
        }

        boolean beginsWith(Rule other) {
            int length = other.prefix.length;
            return space == other.space
                    && length <= prefix.length
                    && Arrays.equals(prefix, 0, length, other.prefix, 0, length);
        }
    }

    private final Rule[] rules;
    private final int[] parents;
    private final long highest;

    private PrefixFloors(List<Rule> unsorted) {
        rules = unsorted.stream().sorted().toArray(Rule[]::new);
        parents = new int[rules.length];
        long most = TagFloors.NONE;
        for (int i = 0; i < rules.length; i++) {
            int parent = i - 1;
            while (parent != NONE && !rules[i].beginsWith(rules[parent])) {
                parent = parents[parent];
            }
            parents[i] = parent;
            most = Math.max(most, rules[i].floor);
        }
        highest = most;
    }

    boolean hasRoomFor(int space, byte[] prefix) {
        return rules.length < PREFIXES_MAX
                || Arrays.stream(rules).anyMatch(rule -> rule.isOf(space, prefix));
    }

    /** These with one more, or with a raised one. */
    PrefixFloors raised(int space, byte[] prefix, long version) {
        return new PrefixFloors(
                Stream.concat(
                                Arrays.stream(rules).filter(rule -> !rule.isOf(space, prefix)),
                                Stream.of(new Rule(space, prefix, version)))
                        .toList());
    }

    /** These without the floors up to {@code version}. */
    PrefixFloors above(long version) {
        return new PrefixFloors(Arrays.stream(rules).filter(rule -> rule.floor > version).toList());
    }

    /**
     * The highest of the floors up to {@code version}; {@link TagFloors#NONE} if there are none.
     */
    long highestUpTo(long version) {
        return Arrays.stream(rules)
                .mapToLong(rule -> rule.floor)
                .filter(floor -> floor <= version)
                .max()
                .orElse(TagFloors.NONE);
    }

    /** Tells each prefix with its floor, of the floors up to {@code version}. */
    void forEachUpTo(long version, RuleConsumer consumer) {
        for (Rule rule : rules) {
            if (rule.floor <= version) {
                consumer.accept(rule.space, rule.prefix, rule.floor);
            }
        }
    }

    /** Takes a prefix and its floor. */
    interface RuleConsumer {
        void accept(int space, byte[] prefix, long floor);
    }

    /** Whether an item of {@code version} under {@code key} is dead. */
    boolean cover(int space, Slice key, long version) {
        if (version > highest) {
            return false;
        }
        int at = lastNotAbove(space, key);
        if (at == NONE || rules[at].space != space) {
            return false;
        }
        int shared = sharedBytes(rules[at].prefix, key);
        for (; at != NONE; at = parents[at]) {
            if (rules[at].prefix.length <= shared && version <= rules[at].floor) {
                return true;
            }
        }
        return false;
    }

    private int lastNotAbove(int space, Slice key) {
        int low = 0;
        int high = rules.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isAbove(rules[middle], space, key)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low - 1;
    }

    private static boolean isAbove(Rule rule, int space, Slice key) {
        if (rule.space != space) {
            return rule.space > space;
        }
        int shared = sharedBytes(rule.prefix, key);
        if (shared == rule.prefix.length) {
            return false;
        }
        return shared == key.length()
                || Byte.compareUnsigned(rule.prefix[shared], key.getByte(shared)) > 0;
    }

    private static int sharedBytes(byte[] prefix, Slice key) {
        int most = Math.min(prefix.length, key.length());
        int shared = 0;
        while (shared < most && prefix[shared] == key.getByte(shared)) {
            shared++;
        }
        return shared;
    }

    /** How many prefixes have a floor. */
    int size() {
        return rules.length;
    }
}
