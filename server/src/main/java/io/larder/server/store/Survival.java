package io.larder.server.store;

/**
 * Decides, for each live item of a segment that is being reclaimed, whether it is copied on. Called
 * under a shard's lock: computes, never blocks, never throws.
 */
@FunctionalInterface
public interface Survival {
    /** Whether an item of {@code itemBytes} with {@code freq} (0..3) earned its place. */
    boolean survives(int freq, int itemBytes);
}
