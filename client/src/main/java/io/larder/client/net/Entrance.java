package io.larder.client.net;

import io.larder.client.api.CallInterruptedException;
import io.larder.client.api.LarderException;
import org.jspecify.annotations.Nullable;

/** Where calls enter the {@link Window}, or are turned away. Any thread. */
final class Entrance {
    private final Window window;
    private final Failures failures;

    Entrance(Window window, Failures failures) {
        this.window = window;
        this.failures = failures;
    }

    /**
     * Takes room for a call; null, or why there is none.
     *
     * <p>Locking: with {@link Admission#WAIT} parks the calling thread while there is none.
     */
    @Nullable LarderException admit(Call<?> call, Admission admission) {
        int bytes = call.frameBytes();
        if (bytes > window.bytesMax()) {
            return failures.aboveWindow(call, window);
        }
        if (admission == Admission.CONTINUE) {
            window.acquireBeyondLimit(bytes);
            return null;
        }
        if (window.tryAcquire(bytes)) {
            return null;
        }
        return admission == Admission.WAIT ? await(call) : failures.windowFull(call, window);
    }

    private @Nullable LarderException await(Call<?> call) {
        try {
            boolean admitted = window.acquire(call.frameBytes(), call.deadlineNanos);
            return admitted ? null : failures.windowFull(call, window);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CallInterruptedException(
                    "interrupted while waiting for the window", e, false);
        }
    }
}
