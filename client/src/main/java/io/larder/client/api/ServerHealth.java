package io.larder.client.api;

/**
 * How a client finds one connection to a server, at a moment.
 *
 * @param address {@code host:port}, as the client was given it
 * @param connection which of the connections to this server, from 0
 * @param isConnected whether the server has greeted on it and takes requests
 * @param connectFailures attempts to connect that failed since the last that did not; while there
 *     is no connection the client goes on trying, with growing waits
 * @param circuit whether calls are let through
 * @param callsUnanswered calls that have not completed
 */
public record ServerHealth(
        String address,
        int connection,
        boolean isConnected,
        int connectFailures,
        Circuit circuit,
        int callsUnanswered) {

    /** Whether calls are let through. */
    public enum Circuit {
        /** All are. */
        CLOSED,
        /** None is: too many of the last ones got no answer. */
        OPEN,
        /** A few are, to see whether they are answered. */
        HALF_OPEN
    }
}
