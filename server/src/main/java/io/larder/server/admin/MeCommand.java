package io.larder.server.admin;

import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.ItemPlace;
import io.larder.server.store.Mutation;
import java.util.List;

/**
 * Shows what is known of an item of the default region: its size, its times, how often it is read
 * and where it lies. A miss is {@code END} alone.
 */
final class MeCommand implements AdminCommand {
    private static final int VERSION_MILLIS_SHIFT = 8; // a version is dated by what is above

    private final AdminItems items;

    MeCommand(AdminItems items) {
        this.items = items;
    }

    @Override
    public String name() {
        return "me";
    }

    @Override
    public String usage() {
        return "KEY";
    }

    @Override
    public String summary() {
        return "an item's size, times, version, use and place; counts as a read; nothing on a miss";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        byte[] key = arguments.get(0);
        if (!AdminItems.isKey(key, reply)) {
            return;
        }
        ItemPlace place = items.places().apply(items.key(key));
        AdminItems.Details details = items.details(key);
        if (details != null) {
            show(key, details, reply);
            if (place != null) {
                reply.figure("item_bytes", place.itemBytes());
                reply.figure("reads_class", place.freq() == 3 ? "3+" : place.freq());
                reply.figure("queue", place.isMain() ? "main" : "small");
                reply.figure("shard", place.shard());
                reply.figure("segment", place.segment());
            }
        }
        reply.end();
    }

    private void show(byte[] key, AdminItems.Details item, AdminReply reply) {
        long nowMillis = items.nowMillis();
        reply.figure("region", RegionTable.DEFAULT_NAME);
        reply.figure("key_bytes", key.length);
        reply.figure("value_bytes", item.valueBytes());
        reply.figure("kind", item.isNegative() ? "negative" : item.isLarge() ? "large" : "value");
        reply.figure("version", item.version());
        long writtenMillis = item.version() >>> VERSION_MILLIS_SHIFT;
        reply.figure("written_unix_millis", Clock.EPOCH_UNIX_MILLIS + writtenMillis);
        reply.figure("age_millis", Math.max(0, nowMillis - writtenMillis));
        reply.figure("ttl_millis", leftMillis(item.expiryMillis(), nowMillis));
        reply.figure("soft_ttl_millis", leftMillis(item.softExpiryMillis(), nowMillis));
        reply.figure("client_flags", item.clientFlags() & 0xFFFF_FFFFL);
        reply.figure("caller_version", item.callerVersion());
    }

    /** -1 for never, 0 for a soft time that is over. */
    private static long leftMillis(long endMillis, long nowMillis) {
        return endMillis == Mutation.NEVER ? -1 : Math.max(0, endMillis - nowMillis);
    }
}
