package io.larder.server.insight;

import io.larder.protocol.text.QuotedText;

/**
 * What became of the keys that begin alike, as far as a sample tells.
 *
 * @param region its name
 * @param prefix up to the first separator and with it; empty for all keys without one. The
 *     receiver's to keep
 * @param hits reads that found their key
 * @param misses reads that did not
 * @param bytes of items that are there, headers included
 * @param evictions items dropped for room
 * @param expiries items past their expiry
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record PrefixStats(
        String region,
        byte[] prefix,
        long hits,
        long misses,
        long bytes,
        long evictions,
        long expiries) {
    /** The prefix as text, as {@link HotKey#text}. */
    public String text() {
        return QuotedText.textOf(prefix);
    }
}
