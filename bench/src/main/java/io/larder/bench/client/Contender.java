package io.larder.bench.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client in the form in which all are measured. Keys by their number. Any thread. */
interface Contender extends AutoCloseable {
    /** Stores a value, and waits for it. */
    void set(int key, byte[] value) throws Exception;

    /** The value, or null on a miss. */
    byte @Nullable [] get(int key) throws Exception;

    /** What is told of a get's end. */
    @FunctionalInterface
    interface Answer {
        /** One of both; neither on a miss. On any thread. */
        void take(byte @Nullable [] value, @Nullable Throwable failure);
    }

    /** As {@link #get}, without waiting; only if {@link #isAsynchronous}. */
    void getAsync(int key, Answer answer);

    /** False if it can only wait. */
    boolean isAsynchronous();

    /** How many of these keys have a value of this length. */
    int getAll(List<Integer> keys, int valueBytes) throws Exception;

    @Override
    void close();
}
