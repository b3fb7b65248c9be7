package io.larder.server.embedded;

import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import io.larder.server.store.ValueSink;

/**
 * What one thread takes along into the store, made once. Taken for the time of an operation, which
 * is how an operation called from within another one is noticed: the function or sink that calls it
 * may be running under a lock.
 */
final class Carrier {
    private static final ThreadLocal<Carrier> OF_THREAD = ThreadLocal.withInitial(Carrier::new);
    private static final byte[] EMPTY = {};

    final Mutation mutation = new Mutation();
    final Mutation[] alone = {mutation};
    final Reading reading = new Reading();
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
    }

    /** Copies what it reads; garbage of an attempt that is repeated goes to waste. */
    static final class Reading implements ValueSink {
        byte[] value = EMPTY;

        @Override
        public void accept(ItemView item) {
            value = new byte[item.valueLength()];
            item.copyTo(value, 0);
        }
    }
}
