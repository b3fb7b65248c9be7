package io.larder.faults;

/**
 * What a {@link FaultProxy} has done so far.
 *
 * @param connections taken
 * @param pushes that came from the server
 * @param dropped pushes
 * @param delayed pushes
 * @param syncsDropped replies to SYNC
 * @param stalls of all that the server sent
 * @param severed connections
 * @param damagedRequests of which a bit was turned over
 * @param damagedReplies of which a bit was turned over
 */
public record FaultCounts(
        long connections,
        long pushes,
        long dropped,
        long delayed,
        long syncsDropped,
        long stalls,
        long severed,
        long damagedRequests,
        long damagedReplies) {
    /** All faults. */
    public long faults() {
        return dropped
                + delayed
                + syncsDropped
                + stalls
                + severed
                + damagedRequests
                + damagedReplies;
    }
}
