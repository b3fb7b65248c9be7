package io.larder.client.jcache;

import io.larder.client.api.ScanPage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cache, page by page as they are asked for, by a scan of the server: each that is
 * there all the time comes at least once, and, while the cache grows, perhaps twice. Loads nothing.
 * For one thread; {@code hasNext} waits for a page.
 */
final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {
    private final Entries<K, V> entries;
    private final CacheStatistics statistics;
    private final Reads<K, V> reads;
    private final Consumer<K> remover;
    private final Runnable openCheck;
    private final Deque<Seen<K, V>> page = new ArrayDeque<>();
    private long cursor = ScanPage.START;
    private boolean isAtEnd;
    private @Nullable K last; // what remove removes

    private record Seen<K, V>(K key, RawKey rawKey, V value) {}

    /**
     * @param remover removes a key as the cache does
     * @param openCheck throws if the cache is closed
     */
    EntryIterator(
            CacheParts<K, V> parts, Reads<K, V> reads, Consumer<K> remover, Runnable openCheck) {
        this.entries = parts.entries();
        this.statistics = parts.statistics();
        this.reads = reads;
        this.remover = remover;
        this.openCheck = openCheck;
    }

    @Override
    public boolean hasNext() {
        openCheck.run();
        while (page.isEmpty() && !isAtEnd) {
            readPage();
        }
        return !page.isEmpty();
    }

    private void readPage() {
        Entries.Page scanned = entries.scan(cursor);
        cursor = scanned.nextCursor();
        isAtEnd = scanned.isLast();
        List<RawKey> rawKeys = scanned.rawKeys();
        List<@Nullable V> values = entries.readValues(rawKeys);
        for (int index = 0; index < rawKeys.size(); index++) {
            RawKey rawKey = rawKeys.get(index);
            V value = values.get(index);
            if (value != null) {
                entries.key(rawKey).ifPresent(key -> page.add(new Seen<>(key, rawKey, value)));
            }
        }
    }

    @Override
    public Cache.Entry<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Seen<K, V> seen = page.remove();
        long begin = statistics.begin();
        statistics.lookup(true);
        reads.accessed(Map.of(seen.key, seen.rawKey));
        statistics.endGet(begin);
        last = seen.key;
        return new Pair<>(seen.key, seen.value);
    }

    @Override
    public void remove() {
        openCheck.run();
        K key = last;
        if (key == null) {
            throw new IllegalStateException("no entry (expected: after next(), once)");
        }
        last = null;
        remover.accept(key);
    }
}
