package io.larder.server.evict;

import io.larder.server.store.Survival;

/**
 * CLOCK at segment grain: an item that was read since it was written, or last copied, is copied
 * once more; the others go. Bounded so that reclaiming always gains: once the survivors of a
 * segment fill half of one, the rest goes whatever its merit.
 *
 * <p>For one thread at a time.
 */
final class SecondChance implements Survival {
    private final int copiedBytesMax;
    private int copiedBytes;

    SecondChance(int segmentBytes) {
        copiedBytesMax = segmentBytes / 2;
    }

    /** Another segment begins. */
    void reset() {
        copiedBytes = 0;
    }

    @Override
    public boolean survives(int freq, int itemBytes) {
        if (freq == 0 || copiedBytes + itemBytes > copiedBytesMax) {
            return false;
        }
        copiedBytes += itemBytes;
        return true;
    }
}
