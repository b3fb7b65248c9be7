package io.larder.client.net;

/**
 * One server, as those see it who keep copies of values: what it tells of changes. Any thread.
 *
 * <p>When the connection over which it tells ends, {@link CopyKeeper#dropAll} is called before
 * anything is sent over the next one.
 */
public interface TrackedServer {
    /** Up to when its pushes have been heard. */
    Freshness freshness();

    /** Whether it tells of changes: only then are values worth keeping. */
    boolean tellsChanges();
}
