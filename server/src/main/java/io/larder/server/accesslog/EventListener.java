package io.larder.server.accesslog;

/**
 * Told of everything an {@link EventLog} takes, in one order that all listeners share: sequence
 * numbers go up by one, and a gap uses up as many as it lost.
 *
 * <p>Called on the draining thread, with no lock held. It must be quick, since the log fills up
 * meanwhile; whatever it throws is reported and goes no further.
 */
public interface EventListener {
    /** Something happened; {@code event} is valid until this returns. */
    void onEvent(Event event);

    /**
     * So many events, numbered from {@code sequence}, were lost. They happened before this call,
     * and before the next event was logged.
     */
    void onGap(long sequence, long lost);
}
