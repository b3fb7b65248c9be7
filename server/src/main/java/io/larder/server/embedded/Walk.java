package io.larder.server.embedded;

import io.larder.server.store.Clock;
import io.larder.server.store.Scan;
import io.larder.server.store.ShardedStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Walks over the entries of one space, on one thread or shard by shard on several. Any thread. */
final class Walk {
    private static final byte[] NO_PREFIX = {};

    private final ShardedStore store;
    private final Clock clock;
    private final int space;

    Walk(ShardedStore store, Clock clock, int space) {
        this.store = store;
        this.clock = clock;
        this.space = space;
    }

    private Scan scan(boolean withValues) {
        Scan scan = new Scan();
        scan.prefix.wrap(NO_PREFIX, 0, 0);
        scan.space = space;
        scan.withValues = withValues;
        return scan;
    }

    long count() {
        Scan scan = scan(false);
        long[] count = {0};
        do {
            Carrier.check();
            store.scan(
                    scan,
                    clock.nowMillis(),
                    item -> {
                        count[0] += item.negative() ? 0 : 1;
                        return true;
                    });
        } while (scan.cursor != Scan.END);
        return count[0];
    }

    /** The entries of one step, collected before any of them is acted upon. */
    private List<Entry> step(Scan scan, int shard) {
        Carrier.check();
        List<Entry> entries = new ArrayList<>();
        long nowMillis = clock.nowMillis();
        store.scanShard(
                shard,
                scan,
                nowMillis,
                item -> {
                    if (!item.negative()) {
                        entries.add(Entry.of(item, nowMillis));
                    }
                    return true;
                });
        return entries;
    }

    void forEach(Consumer<? super Entry> action) {
        for (int shard = 0; shard < store.shardCount(); shard++) {
            forEachOf(shard, action);
        }
    }

    private void forEachOf(int shard, Consumer<? super Entry> action) {
        Scan scan = scan(true);
        do {
            step(scan, shard).forEach(action);
        } while (scan.cursor != Scan.END);
    }

    /**
     * Has what {@code task} makes of each shard's entries done by this thread and by {@code
     * helpers} turns of the executor at a time; a turn is one shard. This thread goes on until no
     * shard is left, so all is done even if the executor does nothing.
     *
     * @return the results in the order of the shards
     */
    <R> List<R> parallel(
            Executor executor, int helpers, Function<Consumer<Consumer<? super Entry>>, R> task) {
        List<CompletableFuture<R>> results = new ArrayList<>();
        for (int shard = 0; shard < store.shardCount(); shard++) {
            results.add(new CompletableFuture<>());
        }
        AtomicInteger next = new AtomicInteger();
        Turn<R> turn = new Turn<>(this, task, results, next, executor);
        for (int helper = 0; helper < helpers; helper++) {
            executor.execute(turn);
        }
        boolean isLeft = true;
        while (isLeft) {
            isLeft = turn.takeOne();
        }
        // All of them, so that nothing goes on after a failure has been told.
        CompletableFuture<?> all =
                CompletableFuture.allOf(results.toArray(new CompletableFuture<?>[0]));
        all.handle((nothing, failure) -> true).join();
        List<R> done = new ArrayList<>();
        for (CompletableFuture<R> result : results) {
            done.add(join(result));
        }
        return done;
    }

    private static <R> R join(CompletableFuture<R> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Takes a shard, and another turn behind whatever else the workers have to do. */
    private record Turn<R>(
            Walk walk,
            Function<Consumer<Consumer<? super Entry>>, R> task,
            List<CompletableFuture<R>> results,
            AtomicInteger next,
            Executor executor)
            implements Runnable {
        @Override
        public void run() {
            if (takeOne()) {
                executor.execute(this);
            }
        }

        /** False if no shard is left. */
        boolean takeOne() {
            int shard = next.getAndIncrement();
            if (shard >= results.size()) {
                return false;
            }
            CompletableFuture<R> result = results.get(shard);
            try {
                result.complete(task.apply(action -> walk.forEachOf(shard, action)));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
                cancelOthers(e);
            }
            return true;
        }

        /** Whoever takes a shard finds none left, and those that nobody took are failed. */
        private void cancelOthers(Throwable e) {
            int shards = results.size();
            for (int shard = next.getAndSet(shards); shard < shards; shard++) {
                results.get(shard).completeExceptionally(e);
            }
        }
    }

    /** See {@link LarderMap#iterator}. For one thread. */
    Iterator<Entry> iterator(Consumer<Entry> remover) {
        return new Entries(remover);
    }

    private final class Entries implements Iterator<Entry> {
        private final Consumer<Entry> remover;
        private final ArrayDeque<Entry> ahead = new ArrayDeque<>();
        private Scan scan = scan(true);
        private int shard;
        private @Nullable Entry last;

        Entries(Consumer<Entry> remover) {
            this.remover = remover;
        }

        @Override
        public boolean hasNext() {
            while (ahead.isEmpty() && shard < store.shardCount()) {
                ahead.addAll(step(scan, shard));
                if (scan.cursor == Scan.END) {
                    shard++;
                    scan = scan(true);
                }
            }
            return !ahead.isEmpty();
        }

        @Override
        public Entry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            last = ahead.remove();
            return last;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("next: not called (expected: before remove)");
            }
            remover.accept(last);
            last = null;
        }
    }
}
