package io.larder.server.insight;

import io.larder.protocol.text.QuotedText;

/**
 * A key that is read much.
 *
 * @param region its name
 * @param key its bytes, the receiver's to keep
 * @param reads of late, at least
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record HotKey(String region, byte[] key, long reads) {
    /** The key as text: as it is if it is UTF-8, else as a quoted word with escapes. */
    public String text() {
        return QuotedText.textOf(key);
    }
}
