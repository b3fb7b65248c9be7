package io.larder.client.jcache;

import javax.cache.management.CacheStatisticsMXBean;

/**
 * JCache's figures of one cache in one program, and those that it has no word for. Evictions are
 * the server's, whose own metrics count them: here they are 0.
 */
public interface LarderStatisticsMXBean extends CacheStatisticsMXBean {
    /** How many values were found whose bytes make none; each was a miss and was removed. */
    long getUndecodableValues();

    /** How many reads were misses because the server did not answer. */
    long getReadsWithoutServer();
}
