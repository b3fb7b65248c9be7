package io.larder.server.insight;

import io.larder.protocol.text.QuotedText;

/**
 * A key that is used much.
 *
 * @param region its name
 * @param key its bytes, the receiver's to keep
 * @param amount of late, at least: reads, writes or bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record HotKey(String region, byte[] key, long amount) {
    /** The key as text: as it is if it is UTF-8, else as a quoted word with escapes. */
    public String text() {
        return QuotedText.textOf(key);
    }
}
