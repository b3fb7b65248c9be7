package io.larder.server.warm;

import java.util.UUID;

/**
 * One moment as three clocks show it.
 *
 * @param storeMillis the store's
 * @param uptimeMillis the system's since it was started
 * @param unixMillis the wall's
 * @param boot which run of the system that was
 */
record Moment(long storeMillis, long uptimeMillis, long unixMillis, UUID boot) {
    /** What stands for a run of the system of which nothing is known. */
    static final UUID NO_BOOT = new UUID(0, 0);

    /** The present moment. */
    static Moment now(long storeMillis, Boot boot) {
        UUID id = boot.id();
        return new Moment(
                storeMillis,
                boot.uptimeMillis(),
                System.currentTimeMillis(),
                id == null ? NO_BOOT : id);
    }

    /**
     * Millis since this moment: by the system's uptime in the same run, which no one can set, else
     * by the wall clock; never negative.
     */
    long elapsedMillis(Boot boot) {
        return Math.max(
                0,
                boot.isSame(this.boot)
                        ? boot.uptimeMillis() - uptimeMillis
                        : System.currentTimeMillis() - unixMillis);
    }
}
