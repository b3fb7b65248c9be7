package io.larder.server.admin;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.ItemPlace;
import io.larder.server.store.ItemView;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items of the default region, one at a time, as the operator's commands want them. For any
 * thread; allocates.
 *
 * @param places where an item lies in memory; null where it does not, or its engine does not say
 */
public record AdminItems(
        Store store, Clock clock, RegionTable regions, Function<Key, @Nullable ItemPlace> places) {
    /** What an item says of itself. Times in store milliseconds. */
    record Details(
            int valueBytes,
            long version,
            long expiryMillis,
            long softExpiryMillis,
            boolean isNegative,
            boolean isLarge,
            int clientFlags,
            long callerVersion) {}

    long nowMillis() {
        return clock.nowMillis();
    }

    Key key(byte[] bytes) {
        return new Key().wrap(store.hasher(), regions.space(RegionTable.DEFAULT_ID), bytes);
    }

    /** An item's details; null on a miss. It counts as a read. */
    @Nullable Details details(byte[] key) {
        Details[] found = new Details[1];
        ReadStatus status =
                store.get(key(key), clock.nowMillis(), item -> found[0] = detailsOf(item));
        return status == ReadStatus.HIT ? found[0] : null;
    }

    private static Details detailsOf(ItemView item) {
        return new Details(
                item.valueLength(),
                item.version(),
                item.expiryMillis(),
                item.softExpiryMillis(),
                item.negative(),
                item.isLarge(),
                item.clientFlags(),
                item.callerVersion());
    }

    boolean delete(byte[] key) {
        return store.delete(mutation(key), clock.nowMillis()) == WriteStatus.DONE;
    }

    /**
     * Gives an item another time to live.
     *
     * @param ttlMillis from now; 0 for never
     */
    boolean touch(byte[] key, long ttlMillis) {
        long nowMillis = clock.nowMillis();
        Mutation mutation = mutation(key);
        mutation.expiryMillis =
                ttlMillis == 0 ? Mutation.NEVER : Math.min(Mutation.NEVER, nowMillis + ttlMillis);
        return store.touch(mutation, nowMillis, null) == WriteStatus.DONE;
    }

    private Mutation mutation(byte[] key) {
        Mutation mutation = new Mutation().reset();
        mutation.author = Mutation.OPERATOR;
        mutation.key.wrap(store.hasher(), regions.space(RegionTable.DEFAULT_ID), key);
        return mutation;
    }

    /** Whether it can be a key; if not, the answer says so. */
    static boolean isKey(byte[] key, AdminReply reply) {
        if (key.length >= 1 && key.length <= ProtocolLimits.KEY_BYTES_MAX) {
            return true;
        }
        reply.error(
                "key-length",
                key.length + " (expected: 1.." + ProtocolLimits.KEY_BYTES_MAX + " bytes)");
        return false;
    }
}
