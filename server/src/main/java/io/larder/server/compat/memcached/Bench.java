package io.larder.server.compat.memcached;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.Digits;
import io.larder.server.compat.Items;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.ScratchSink;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;

/** What requests are carried out with, used again for each. One event loop. */
final class Bench {
    final Items items;
    final KeyRow row;
    final ScratchSink scratch = new ScratchSink();
    final TextValueSink textSink = new TextValueSink();
    final BinaryValueSink binarySink = new BinaryValueSink();
    final MetaRequest metaRequest = new MetaRequest();
    final MetaValueSink metaSink = new MetaValueSink();
    final VersionSink versionSink = new VersionSink();
    final Digits digits = new Digits();
    final Counting counting;
    final TextAhead ahead;
    final BinaryAhead binaryAhead;

    Bench(CommandServices services) {
        items = new Items(services);
        row = new KeyRow(items);
        counting = new Counting(items, scratch);
        ahead = new TextAhead(row);
        binaryAhead = new BinaryAhead(row);
    }

    /**
     * The expiry that memcached's time means: 0 the default, below 0 past, up to 30 days from now,
     * beyond a Unix time; in seconds.
     */
    long expiryMillis(long seconds) {
        if (seconds == 0) {
            return items.defaultExpiryMillis();
        }
        if (seconds < 0) {
            return items.expiryAfter(0);
        }
        return seconds <= RELATIVE_SECONDS_MAX
                ? items.expiryAfter(seconds * 1000)
                : Items.expiryAt(Math.min(seconds, UNIX_SECONDS_MAX) * 1000);
    }

    /** Puts bytes behind or before a value; MISSING if there is none, or it would get too long. */
    WriteStatus extend(Mutation mutation, boolean atEnd) {
        int added = mutation.value.length();
        boolean isTooLarge =
                versionSink.look(items, mutation.key)
                        && Memcached.isTooLarge(
                                mutation.key.bytes().length(), versionSink.valueBytes() + added);
        mutation.newCallerVersion = true;
        return isTooLarge ? WriteStatus.MISSING : items.append(mutation, atEnd);
    }

    static final long RELATIVE_SECONDS_MAX = 30L * 24 * 3600;
    private static final long UNIX_SECONDS_MAX = Long.MAX_VALUE / 1000;
}
