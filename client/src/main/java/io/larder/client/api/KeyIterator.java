package io.larder.client.api;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The keys of one scan, one after another: asks for a page whenever one is used up. One thread. */
final class KeyIterator implements Iterator<byte[]> {
    private final BytesCache cache;
    private final byte[] prefix;
    private Iterator<byte[]> page = List.<byte[]>of().iterator();
    private long cursor = ScanPage.START;
    private boolean isLast;

    KeyIterator(BytesCache cache, byte[] prefix) {
        this.cache = cache;
        this.prefix = prefix;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && !isLast) {
            ScanPage next = cache.scan(prefix, cursor, 0);
            page = next.keys().iterator();
            cursor = next.nextCursor();
            isLast = next.isLast();
        }
        return page.hasNext();
    }

    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException("keys: all were returned");
        }
        return page.next();
    }
}
