package io.larder.client.api;

/**
 * What became of a client's copies since it began to keep them. The numbers are each true at some
 * recent moment, not all at the same one.
 *
 * @param hits reads that a copy has answered
 * @param misses reads that went to the server
 * @param invalidations keys whose change was heard of
 * @param refusedFills values that were not kept, as a change was heard of while they were on their
 *     way
 * @param dropsTold times that all copies were dropped because the server said so: a clear, or more
 *     changes than it could tell one by one
 * @param dropsForGap times that a change was missing
 * @param dropsForSilence times that the server did not answer for too long
 * @param dropsForDisconnection times that the connection was lost
 * @param entries copies now, old ones that nobody has asked for since included
 * @param bytes of those, about
 */
public record NearStats(
        long hits,
        long misses,
        long invalidations,
        long refusedFills,
        long dropsTold,
        long dropsForGap,
        long dropsForSilence,
        long dropsForDisconnection,
        long entries,
        long bytes) {}
