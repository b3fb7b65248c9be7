package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * Told of every hit, on the reading thread, with no lock held. What it does with it decides what
 * eviction knows; losing a hit costs accuracy only.
 */
@FunctionalInterface
public interface HitSink {
    /**
     * Raises the slot's frequency by one CAS while it is below three, so that a hot item's line
     * stops being written after three hits. A failed CAS means that the slot moved on, or that
     * another reader raised it, and is ignored.
     */
    HitSink FREQUENCY =
            (memory, slotPosition, slot, hash) -> {
                if (Slot.freq(slot) < Slot.FREQ_MAX) {
                    memory.compareAndSetLong(slotPosition, slot, slot + Slot.FREQ_ONE);
                }
            };

    /** A read found its key through {@code slot}, the word at {@code slotPosition}. */
    void hit(Memory memory, long slotPosition, long slot, long hash);
}
