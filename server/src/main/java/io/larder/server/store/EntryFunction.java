package io.larder.server.store;

import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the entries of one {@link Store#update}.
 *
 * <p>Called on the updating thread under the locks of all the keys' shards: it only computes. It
 * must not block and must not call a store, which may end in an IllegalStateException or in a
 * deadlock. Called anew where there was no room for what it wanted, so possibly more than once.
 * What it throws reaches the caller, and the entries stay as they were.
 */
@FunctionalInterface
public interface EntryFunction {
    /**
     * Sets the {@link Mutation#change} of each mutation, which is KEEP at first, and for a PUT its
     * value, expiry, flags, format and caller's version.
     *
     * @param mutations as they were given to the store, in that order
     * @param items what the keys hold, null where they are absent; valid during the call
     */
    void apply(Mutation[] mutations, @Nullable ItemView[] items);
}
