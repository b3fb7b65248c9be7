package io.larder.client.jcache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * Runs entry processors: here, on the caller's thread, with the key locked in this program, and its
 * step by compare-and-set. If another program changes the entry meanwhile, the processor is run
 * again on what is there then, so it is to have no effects but on the entry. Any thread.
 */
final class Processing<K, V> {
    private final Class<V> valueType;
    private final Origin<K, V> origin;
    private final CacheStatistics statistics;
    private final Changes<K, V> changes;

    Processing(Class<V> valueType, CacheParts<K, V> parts, Changes<K, V> changes) {
        this.valueType = valueType;
        this.origin = parts.origin();
        this.statistics = parts.statistics();
        this.changes = changes;
    }

    /** One run of a processor after another, until its step is carried out. */
    private final class Run<T> implements Step.Rule<V> {
        private final K key;
        private final EntryProcessor<K, V, T> processor;
        private final Object[] arguments;
        private @Nullable T result; // of the last run

        Run(K key, EntryProcessor<K, V, T> processor, Object[] arguments) {
            this.key = key;
            this.processor = processor;
            this.arguments = arguments;
        }

        @Override
        public Step<V> decide(@Nullable Found<V> found) {
            ProcessedEntry<K, V> entry = new ProcessedEntry<>(key, valueType, found, origin);
            try {
                result = processor.process(entry, arguments);
            } catch (EntryProcessorException e) {
                throw e;
            } catch (Exception e) {
                throw new EntryProcessorException(e);
            }
            return entry.step();
        }
    }

    /**
     * What the processor returns.
     *
     * @throws EntryProcessorException if it throws an exception; the entry is as it was
     */
    <T> @Nullable T invoke(K key, EntryProcessor<K, V, T> processor, Object... arguments) {
        Run<T> run = new Run<>(key, processor, arguments);
        Step.Done<V> done = changes.applyAlone(key, run);
        statistics.lookup(done.before() != null);
        return run.result;
    }

    /** What it returns for each key, where that is not null, or throws. */
    <T> Map<K, EntryProcessorResult<T>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> processor, Object... arguments) {
        Map<K, EntryProcessorResult<T>> results = new LinkedHashMap<>();
        for (K key : keys) {
            try {
                T result = invoke(key, processor, arguments);
                if (result != null) {
                    results.put(key, () -> result);
                }
            } catch (CacheException e) {
                results.put(
                        key,
                        () -> {
                            throw processorException(e);
                        });
            }
        }
        return results;
    }

    private static EntryProcessorException processorException(CacheException failure) {
        return failure instanceof EntryProcessorException already
                ? already
                : new EntryProcessorException(failure);
    }
}
