package io.larder.server.store;

/**
 * The memory limit of a store and what is made of it, at one moment. All in bytes.
 *
 * @param limitBytes the limit
 * @param limitBytesMin the least that the limit can be now: what the index has taken, which is
 *     never given back, with three segments for each shard and those kept for copies; and a quarter
 *     more than the quotas of all that is never evicted
 * @param limitBytesMax the most that it can be
 * @param usedBytes segments that items and index lie in
 * @param freeBytes segments that the next writes go to
 * @param withheldBytes segments that the limit keeps out of use
 * @param excessBytes segments to be withheld yet, which maintenance is emptying; 0 once the limit
 *     holds
 * @param givesPagesBack whether withheld segments' pages go back to the system; else the limit is a
 *     logical one and the process stays as large as it was
 */
public record MemoryStatus(
        long limitBytes,
        long limitBytesMin,
        long limitBytesMax,
        long usedBytes,
        long freeBytes,
        long withheldBytes,
        long excessBytes,
        boolean givesPagesBack) {}
