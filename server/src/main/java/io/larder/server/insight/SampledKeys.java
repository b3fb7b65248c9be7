package io.larder.server.insight;

import java.util.function.IntPredicate;

/**
 * What is known of the keys of a sample, by their hashes: those that the store holds, those that it
 * would hold if it were larger, and those that have expired lately. An open-addressed table of at
 * most {@link #KEYS_MAX} keys, in {@value #SLOTS} slots of 37 bytes. Not for several threads at
 * once; nothing is allocated after construction. A slot's number is good until the next {@link
 * #add} or {@link #remove}.
 */
final class SampledKeys {
    /** Returned in place of a slot. */
    static final int NONE = -1;

    /** The most keys. */
    static final int KEYS_MAX = 48 << 10;

    private static final int SLOTS = 64 << 10;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);
    private static final byte FREE = 0;
    private static final byte GONE = 1; // not in the store
    private static final byte RESIDENT = 2;
    private static final byte EXPIRED = 3;

    private final byte[] states = new byte[SLOTS];
    private final long[] hashes = new long[SLOTS];
    private final long[] expiries = new long[SLOTS]; // store milliseconds
    private final long[] prefixes = new long[SLOTS];
    private final int[] spaces = new int[SLOTS];
    private final int[] itemBytes = new int[SLOTS];
    private int count;

    private static int home(long hash) {
        return (int) ((hash * SPREAD) >>> SHIFT);
    }

    /** Where a key is, or {@link #NONE}. */
    int find(long hash) {
        for (int slot = home(hash); states[slot] != FREE; slot = slot + 1 & SLOTS - 1) {
            if (hashes[slot] == hash) {
                return slot;
            }
        }
        return NONE;
    }

    /** Whether there is no room for another key. */
    boolean isFull() {
        return count == KEYS_MAX;
    }

    /** Adds a key that is not here, of which nothing is known; not if it is full. */
    int add(long hash, int space, long prefixHash) {
        int slot = home(hash);
        while (states[slot] != FREE) {
            slot = slot + 1 & SLOTS - 1;
        }
        states[slot] = GONE;
        hashes[slot] = hash;
        spaces[slot] = space;
        prefixes[slot] = prefixHash;
        itemBytes[slot] = 0;
        expiries[slot] = 0;
        count++;
        return slot;
    }

    /** The store has an item of this key. {@code bytes} is 0 if that is not known. */
    void isThere(int slot, int bytes, long expiryMillis) {
        states[slot] = RESIDENT;
        itemBytes[slot] = bytes > 0 ? bytes : itemBytes[slot];
        expiries[slot] = expiryMillis;
    }

    /** The store has no item of this key any more. */
    void isGone(int slot) {
        if (states[slot] == RESIDENT) {
            states[slot] = GONE;
        }
    }

    /** The end of the key's last item has come, in the store or, there being none, elsewhere. */
    void hasExpired(int slot) {
        boolean wasThere = states[slot] == RESIDENT;
        isGone(slot);
        if (wasThere) {
            states[slot] = EXPIRED;
        } else {
            isOver(slot);
        }
    }

    /** Nothing is to be noted of the key's last item any more. */
    void isOver(int slot) {
        states[slot] = GONE;
        expiries[slot] = Long.MAX_VALUE;
    }

    boolean isResident(int slot) {
        return states[slot] == RESIDENT;
    }

    boolean isExpired(int slot) {
        return states[slot] == EXPIRED;
    }

    /** Whether the time of a key's last item, in the store or not, is over and not yet noted. */
    boolean isDue(int slot, long nowMillis) {
        return states[slot] != FREE
                && states[slot] != EXPIRED
                && itemBytes[slot] > 0
                && expiries[slot] <= nowMillis;
    }

    boolean isUsed(int slot) {
        return states[slot] != FREE;
    }

    long hash(int slot) {
        return hashes[slot];
    }

    long expiryMillis(int slot) {
        return expiries[slot];
    }

    int space(int slot) {
        return spaces[slot];
    }

    long prefixHash(int slot) {
        return prefixes[slot];
    }

    /** Bytes of the key's last item; 0 if they are not known. */
    int itemBytes(int slot) {
        return itemBytes[slot];
    }

    /** How many slots there are; their numbers begin at 0. */
    int slots() {
        return SLOTS;
    }

    /** Forgets a key. What lies behind it may move into its slot. */
    void remove(int slot) {
        isGone(slot);
        count--;
        int hole = slot;
        int next = slot + 1 & SLOTS - 1;
        while (states[next] != FREE) {
            int home = home(hashes[next]);
            if ((next - home & SLOTS - 1) >= (next - hole & SLOTS - 1)) {
                move(next, hole);
                hole = next;
            }
            next = next + 1 & SLOTS - 1;
        }
        states[hole] = FREE;
    }

    private void move(int from, int to) {
        states[to] = states[from];
        hashes[to] = hashes[from];
        expiries[to] = expiries[from];
        prefixes[to] = prefixes[from];
        spaces[to] = spaces[from];
        itemBytes[to] = itemBytes[from];
    }

    /** Forgets all keys for which {@code wanted} says no. */
    void retain(IntPredicate wanted) {
        int slot = 0;
        while (slot < SLOTS) {
            if (states[slot] != FREE && !wanted.test(slot)) {
                remove(slot); // and look at what has moved here
            } else {
                slot++;
            }
        }
    }
}
