package io.larder.client.api;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * The keys of one scan, one after another: asks for a page whenever one is used up. One thread.
 *
 * @param <P> the page
 */
final class PagedIterator<K, P> implements Iterator<K> {
    private final LongFunction<P> scan;
    private final Function<P, List<K>> keysOf;
    private final ToLongFunction<P> nextCursorOf;
    private Iterator<K> page = List.<K>of().iterator();
    private long cursor = ScanPage.START;
    private boolean isLast;

    /**
     * @param scan the page at a cursor
     */
    PagedIterator(
            LongFunction<P> scan, Function<P, List<K>> keysOf, ToLongFunction<P> nextCursorOf) {
        this.scan = scan;
        this.keysOf = keysOf;
        this.nextCursorOf = nextCursorOf;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && !isLast) {
            P next = scan.apply(cursor);
            page = keysOf.apply(next).iterator();
            cursor = nextCursorOf.applyAsLong(next);
            isLast = cursor == ScanPage.START;
        }
        return page.hasNext();
    }

    @Override
    public K next() {
        if (!hasNext()) {
            throw new NoSuchElementException("keys: all were returned");
        }
        return page.next();
    }
}
