package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * Told of every hit, on the reading thread, with no lock held. What it does with it decides what
 * eviction knows; losing a hit costs accuracy only.
 */
@FunctionalInterface
public interface HitSink {
    /**
     * Marks the slot as read by one CAS, if it is not marked yet: the second chance of CLOCK. A
     * failed CAS means the slot moved on, and is ignored.
     */
    HitSink SECOND_CHANCE =
            (memory, slotPosition, slot, hash) -> {
                if (Slot.freq(slot) == 0) {
                    memory.compareAndSetLong(slotPosition, slot, slot | Slot.FREQ_ONE);
                }
            };

    /** A read found its key through {@code slot}, the word at {@code slotPosition}. */
    void hit(Memory memory, long slotPosition, long slot, long hash);
}
