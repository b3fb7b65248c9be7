package io.larder.server.policy;

/**
 * Remembers which keys left lately, by 12 bits of their hash: a set with FIFO ageing in two bytes
 * an entry. For one thread at a time; nothing is allocated after construction.
 *
 * <p>Wrong both ways, seldom: another key with the same bits is taken for a remembered one (about 1
 * in 500 lookups of a full table), and a crowded set forgets its oldest before its time.
 */
final class GhostTable {
    /*
     *   15            4 3      0
     *  +---------------+--------+
     *  | fingerprint 12| epoch 4|      0: empty; a fingerprint is never 0
     *  +---------------+--------+
     *
     * An epoch lasts an eighth of the window, counted in additions. Entries of the present epoch
     * and of the 8 before are remembered; older ones are dead. Before the 4 bits come round to an
     * epoch again, its dead are swept away: each addition sweeps enough sets to pass the table
     * once in 4 epochs.
     */
    private static final int WAYS = 8;
    private static final int EPOCHS = 16;
    private static final int EPOCHS_REMEMBERED = 8;
    private static final int EPOCHS_PER_SWEEP = 4;
    private static final int EPOCH_MASK = EPOCHS - 1;
    private static final int EMPTY = 0;

    private final short[] entries;
    private final int sets;
    private long window;
    private long room;
    private int epoch;
    private long epochAdditions;
    private int sweepSet;

    /**
     * @param entryCount how many keys there is room for, at least 1; the window until {@link
     *     #window} says otherwise
     */
    GhostTable(int entryCount) {
        sets = Math.max(1, (int) (((long) entryCount + WAYS - 1) / WAYS));
        entries = new short[sets * WAYS];
        window = entries.length;
        room = entries.length;
    }

    /** Remembers no more than so many keys, though there may be room for more. */
    void room(long entryCount) {
        room = Math.min(entryCount, entries.length);
        window = Math.min(window, Math.max(EPOCHS_REMEMBERED, room));
    }

    /** Remembers the last {@code additions} keys, or as many as there is room for. */
    void window(long additions) {
        window = Math.max(EPOCHS_REMEMBERED, Math.min(additions, room));
    }

    /** Remembers a key. */
    void add(long hash) {
        advance();
        int base = baseOf(hash);
        int fingerprint = fingerprintOf(hash);
        int chosen = base;
        int chosenAge = -1;
        for (int at = base; at < base + WAYS; at++) {
            int entry = entries[at];
            if (entry == EMPTY || fingerprintIn(entry) == fingerprint) {
                chosen = at;
                break;
            }
            int age = age(entry);
            if (age > chosenAge) {
                chosenAge = age;
                chosen = at;
            }
        }
        entries[chosen] = (short) ((fingerprint << 4) | epoch);
    }

    /** Whether the key is remembered; if so, it no longer is. */
    boolean remove(long hash) {
        int base = baseOf(hash);
        int fingerprint = fingerprintOf(hash);
        for (int at = base; at < base + WAYS; at++) {
            int entry = entries[at];
            if (entry != EMPTY && fingerprintIn(entry) == fingerprint) {
                entries[at] = EMPTY;
                return age(entry) <= EPOCHS_REMEMBERED;
            }
        }
        return false;
    }

    private void advance() {
        long epochLength = Math.max(1, window / EPOCHS_REMEMBERED);
        long sweeps =
                (sets + EPOCHS_PER_SWEEP * epochLength - 1) / (EPOCHS_PER_SWEEP * epochLength);
        for (long swept = 0; swept < sweeps; swept++) {
            sweep();
        }
        if (++epochAdditions >= epochLength) {
            epochAdditions = 0;
            epoch = epoch + 1 & EPOCH_MASK;
        }
    }

    private void sweep() {
        int base = sweepSet * WAYS;
        for (int at = base; at < base + WAYS; at++) {
            if (entries[at] != EMPTY && age(entries[at]) > EPOCHS_REMEMBERED) {
                entries[at] = EMPTY;
            }
        }
        sweepSet = sweepSet + 1 == sets ? 0 : sweepSet + 1;
    }

    private int age(int entry) {
        return epoch - entry & EPOCH_MASK;
    }

    private int baseOf(long hash) {
        return (int) (((hash & 0xFFFFFFFFL) * sets) >>> 32) * WAYS;
    }

    private static int fingerprintOf(long hash) {
        int fingerprint = (int) (hash >>> 36) & 0xFFF;
        return fingerprint == 0 ? 1 : fingerprint;
    }

    private static int fingerprintIn(int entry) {
        return entry >>> 4 & 0xFFF;
    }

    /** Bytes on the heap. */
    long memoryBytes() {
        return (long) entries.length * Short.BYTES;
    }
}
