package io.larder.server.store;

/** Decides whether an item of {@code itemBytes} with {@code freq} is copied on. */
@FunctionalInterface
interface Survival {
    boolean survives(int freq, int itemBytes);
}
