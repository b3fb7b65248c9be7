package io.larder.client.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What wants to know of every request that a client makes, for metrics and tracing. Called on many
 * threads at once, and not to block: it delays the call it is told of.
 *
 * <p>What it throws is logged, the first time, and changes nothing for the call. A client without a
 * listener spends nothing on it.
 *
 * <pre>{@code
 * CallListener metrics = (operation, region) -> call -> histogram.record(call.nanos());
 * }</pre>
 */
@FunctionalInterface
public interface CallListener {
    /** What is told of one call's end. */
    @FunctionalInterface
    interface Ending {
        /**
         * The call has ended. On the thread that completes its future: as a rule the event loop.
         */
        void onEnd(Ended call);
    }

    /** How a call ended. */
    enum Outcome {
        /** It was carried out, or has its value. */
        OK,
        /** There was no such item. */
        MISS,
        /** Any other ordinary no, as of a condition that does not hold. */
        REFUSED,
        /** It failed with a {@link LarderException}. */
        FAILED,
        /** Its caller has given it up. */
        CANCELLED
    }

    /**
     * A call that has ended.
     *
     * @param operation the protocol's name of it, as {@code GET}; many keys go in a {@code BATCH}
     * @param region its name; empty for the default region
     * @param isWrite whether it was to change items
     * @param itemsDone how many values it has read, known absences included, or how many items it
     *     has written; 0 of a call that is not about keys
     * @param itemsMissed how many items were not there; the same
     * @param nanos from the call to now, waits and retries included
     * @param requestBytes of the frame; of one that was sent again, once
     * @param replyBytes of the frame; 0 if no reply has come
     * @param retries how often it was sent again
     * @param reason of FAILED; else null
     */
    record Ended(
            String operation,
            String region,
            Outcome outcome,
            boolean isWrite,
            int itemsDone,
            int itemsMissed,
            long nanos,
            long requestBytes,
            long replyBytes,
            int retries,
            @Nullable LarderException reason) {
        /** Why it failed; empty if it did not. */
        public Optional<LarderException> failure() {
            return Optional.ofNullable(reason);
        }
    }

    /**
     * A call begins. On its caller's thread, so that a tracer finds its present span.
     *
     * @param operation the protocol's name of it, as {@code GET}; many keys go in a {@code BATCH}
     * @param region its name; empty for the default region
     * @return what is told of its end, exactly once
     */
    Ending onStart(String operation, String region);

    /** One that tells both: this one first, and of the end in the same order. */
    default CallListener andThen(CallListener next) {
        return (operation, region) -> {
            Ending first = onStart(operation, region);
            Ending second = next.onStart(operation, region);
            return call -> {
                first.onEnd(call);
                second.onEnd(call);
            };
        };
    }
}
