package io.larder.bench.overflow;

import io.larder.bench.BenchException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Calls under way, a bounded number at a time. Begun by one thread. */
final class Calls {
    private static final int UNDER_WAY = 128;

    private final Semaphore room = new Semaphore(UNDER_WAY);
    final AtomicLong failed = new AtomicLong();

    /** Makes a call for each number from 0, and waits for the last. */
    void each(int count, IntFunction<CompletableFuture<?>> call) {
        for (int i = 0; i < count; i++) {
            begin(call.apply(begun(i)));
        }
        await();
    }

    private int begun(int index) {
        room.acquireUninterruptibly();
        return index;
    }

    private void begin(CompletableFuture<?> call) {
        var unused =
                call.whenComplete(
                        (done, failure) -> {
                            room.release();
                            if (failure != null) {
                                failed.incrementAndGet();
                            }
                        });
    }

    private void await() {
        room.acquireUninterruptibly(UNDER_WAY);
        room.release(UNDER_WAY);
        if (failed.get() > 0) {
            throw new BenchException("overflow: " + failed + " calls failed (expected: none)");
        }
    }
}
