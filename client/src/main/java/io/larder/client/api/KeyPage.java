package io.larder.client.api;

import java.util.List;

/**
 * Some keys of a region, decoded; see {@link ScanPage}.
 *
 * @param keys in the server's order; may be empty although more pages follow
 * @param nextCursor for the next page; {@link ScanPage#START} again if this is the last
 */
public record KeyPage<K>(List<K> keys, long nextCursor) {
    public KeyPage {
        keys = List.copyOf(keys);
    }

    /** True if no page follows. */
    public boolean isLast() {
        return nextCursor == ScanPage.START;
    }
}
