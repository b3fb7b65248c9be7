package io.larder.bench.store;

/**
 * What is measured: something that keeps items by key in this process. Any thread may ask for a
 * session. Whoever opened it closes it.
 */
interface Engine extends AutoCloseable {
    /** What {@link Session#get} says of a key that is not there. */
    int MISS = -1;

    /** A caller's handle with the carriers it reuses. */
    Session session();

    /** Items there are now. */
    long items();

    @Override
    void close();

    /** For one thread. */
    interface Session {
        /** Copies the value to the start of {@code target}; its length, or {@link #MISS}. */
        int get(byte[] key, byte[] target);

        /** Stores a copy of the value; throws if it was refused. */
        void set(byte[] key, byte[] value);
    }
}
