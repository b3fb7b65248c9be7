package io.larder.server.warm;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.store.RebuildProgress;

/**
 * How a server began, and how far it has come with what an earlier one left: what an operator, or a
 * load balancer that waits for warm servers, asks. For any thread.
 */
public final class WarmState {
    /** Where a start is. */
    public enum Phase {
        /** Looking for items. */
        REBUILDING,
        /** With what an earlier server left. */
        WARM,
        /** Empty at the start. */
        COLD
    }

    private final String cause;
    private final RebuildProgress progress = new RebuildProgress();
    private volatile Phase phase;
    private volatile long rebuiltMillis;

    WarmState(boolean isWarm, String cause) {
        this.cause = cause;
        this.phase = isWarm ? Phase.REBUILDING : Phase.COLD;
    }

    /** Where the start is. */
    public Phase phase() {
        return phase;
    }

    /** Whether the server has what an earlier one left. */
    public boolean isWarm() {
        return phase == Phase.WARM;
    }

    /** How far the search for items has come. */
    public RebuildProgress progress() {
        return progress;
    }

    /** Why the server began warm or cold, as the end of a sentence. */
    public String cause() {
        return cause;
    }

    /** All of it in a line: {@code warm: after a clean stop; 4096 of 4096 segments, 1200 items}. */
    public String line() {
        Phase now = phase;
        return now == Phase.COLD
                ? "cold: " + cause
                : (now == Phase.WARM ? "warm: " : "rebuilding: ")
                        + cause
                        + "; "
                        + progress.segmentsDone()
                        + " of "
                        + progress.segments()
                        + " segments, "
                        + progress.items()
                        + " items";
    }

    /** Adds what an earlier server's items came to; all 0 after a cold start. */
    public void registerMetrics(MetricsRegistry registry) {
        registry.register(
                        "warm_start",
                        "1 if it has what an earlier one left",
                        () -> isWarm() ? 1 : 0)
                .register(
                        "warm_start_millis",
                        "From opening the file to all found again",
                        () -> rebuiltMillis)
                .register("warm_items", "Items found again", progress::items)
                .register(
                        "warm_items_superseded",
                        "Found, but not the newest of their key",
                        progress::losers)
                .register(
                        "warm_items_dropped",
                        "Found, but deleted, expired or cleared",
                        progress::dropped)
                .register(
                        "warm_items_damaged",
                        "Refused, as not what they had been",
                        progress::damaged);
    }

    void rebuilt(long millis) {
        rebuiltMillis = millis;
        phase = Phase.WARM;
    }
}
