package io.larder.server.insight;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.text.QuotedText;
import java.util.Arrays;

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
        String text = new String(key, UTF_8);
        return Arrays.equals(text.getBytes(UTF_8), key) ? text : QuotedText.quote(key);
    }
}
