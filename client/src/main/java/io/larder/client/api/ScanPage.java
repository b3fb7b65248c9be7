package io.larder.client.api;

import java.util.List;

/**
 * Some keys of a region.
 *
 * @param keys in the server's order; may be empty although more pages follow; the arrays belong to
 *     the caller
 * @param nextCursor for the next page; {@link #START} again if this is the last
 */
public record ScanPage(List<byte[]> keys, long nextCursor) {
    /** The cursor that begins a scan. */
    public static final long START = 0;

    public ScanPage {
        keys = List.copyOf(keys);
    }

    /** True if no page follows. */
    public boolean isLast() {
        return nextCursor == START;
    }
}
