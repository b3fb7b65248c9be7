package io.larder.server.lease;

/** Who waits for a lease of somebody else's to end. */
@FunctionalInterface
public interface LeaseWaiter {
    /**
     * It has ended, by a value or without one: the time to ask again. Called once, by any thread,
     * with no lock held; must not block or throw.
     */
    void onLeaseEnd();
}
