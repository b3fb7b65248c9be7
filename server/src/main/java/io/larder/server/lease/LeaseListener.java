package io.larder.server.lease;

/**
 * Told of leases as they come and go, by whatever thread makes them, with no lock held: the end of
 * one may be told before its beginning. Must not block or throw.
 */
public interface LeaseListener {
    /** Listens to nothing. */
    LeaseListener NONE =
            new LeaseListener() {
                @Override
                public void granted(int space, long hash, byte[] key, long token) {}

                @Override
                public void ended(int space, long hash, byte[] key, long token) {}
            };

    /**
     * A caller may load a key.
     *
     * @param hash of space and key
     * @param key the first {@link Leases#KEY_BYTES_KEPT} bytes of it; not to be changed
     * @param token the lease's
     */
    void granted(int space, long hash, byte[] key, long token);

    /** That lease is over: used, given back, voided by a change, or for want of time or holder. */
    void ended(int space, long hash, byte[] key, long token);
}
