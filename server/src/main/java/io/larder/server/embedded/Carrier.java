package io.larder.server.embedded;

import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import io.larder.server.store.ValueSink;
import org.jspecify.annotations.Nullable;

/**
 * What one thread takes along into the store, made once. Taken for the time of an operation, which
 * is how an operation called from within another one is noticed: the function or sink that calls it
 * may be running under a lock.
 */
final class Carrier {
    private static final ThreadLocal<Carrier> OF_THREAD = ThreadLocal.withInitial(Carrier::new);
    private static final byte[] EMPTY = {};
    private static final ValueSink NOBODY = item -> {};

    final Mutation mutation = new Mutation();
    final Mutation[] alone = {mutation};
    final Reading reading = new Reading();
    final Showing showing = new Showing();
    private boolean isTaken;

    private Carrier() {}

    /**
     * The thread's, with an empty mutation; to be released.
     *
     * @throws IllegalStateException if it is taken
     */
    static Carrier take() {
        Carrier carrier = OF_THREAD.get();
        carrier.requireIdle();
        carrier.isTaken = true;
        carrier.mutation.reset();
        return carrier;
    }

    /** Refuses what must not happen within an operation. */
    static void check() {
        OF_THREAD.get().requireIdle();
    }

    private void requireIdle() {
        if (isTaken) {
            throw new IllegalStateException(
                    "operation: called from a function or sink given to another one"
                            + " (expected: these only compute)");
        }
    }

    void release() {
        isTaken = false;
        mutation.value.wrap(EMPTY, 0, 0);
        reading.value = EMPTY;
        showing.to(NOBODY);
    }

    /**
     * Copies the value it reads, null of a negative item, which to a program is none; garbage of an
     * attempt that is repeated goes to waste.
     */
    static final class Reading implements ValueSink {
        byte @Nullable [] value = EMPTY;

        @Override
        public void accept(ItemView item) {
            byte @Nullable [] copy = item.negative() ? null : new byte[item.valueLength()];
            if (copy != null) {
                item.copyTo(copy, 0);
            }
            value = copy;
        }
    }

    /** Shows a program's sink the items that are not negative. */
    static final class Showing implements ValueSink {
        private ValueSink sink = NOBODY;
        private boolean isNegative;

        Showing to(ValueSink newSink) {
            sink = newSink;
            isNegative = false;
            return this;
        }

        /** Whether the last item was one that the sink has not been shown. */
        boolean isNegative() {
            return isNegative;
        }

        @Override
        public void accept(ItemView item) {
            isNegative = item.negative();
            if (!isNegative) {
                sink.accept(item);
            }
        }

        @Override
        public boolean countsAsUse() {
            return sink.countsAsUse();
        }
    }
}
