package io.larder.client.net;

import io.larder.client.api.Entry;
import io.larder.client.api.IfChanged;
import io.larder.client.api.RegionStats;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.client.api.WriteResult;
import io.larder.client.api.WriteResult.Outcome;
import io.larder.client.net.LeaseReply.Kind;
import io.larder.protocol.IncrementReply;
import io.larder.protocol.OpenRegionReply;
import io.larder.protocol.ScanReply;
import io.larder.protocol.StatsReply;
import io.larder.protocol.Status;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The readers of each operation's replies. Stateless. */
final class ReplyReaders {
    @SuppressWarnings("NullAway") // a Void is always null
    static final ReplyReader<@Nullable Void> NOTHING = reply -> null;

    static final ReplyReader<Optional<byte[]>> VALUE =
            reply -> reply.isOk() ? Optional.of(reply.value()) : Optional.empty();

    static final ReplyReader<Optional<StoredValue>> STORED =
            reply -> reply.isOk() ? Optional.of(reply.stored()) : Optional.empty();

    static final ReplyReader<Optional<Entry<byte[]>>> ENTRY =
            reply -> reply.isOk() ? Optional.of(reply.entry()) : Optional.empty();

    static final ReplyReader<IfChanged<byte[]>> IF_CHANGED = ReplyReaders::ifChanged;

    static final ReplyReader<WriteResult> WRITE = ReplyReaders::write;

    static final ReplyReader<LeaseReply> LEASE = ReplyReaders::lease;

    static final ReplyReader<Boolean> DONE = Reply::isOk;

    static final ReplyReader<OptionalLong> NUMBER_IF_ANY =
            reply -> reply.isOk() ? OptionalLong.of(number(reply)) : OptionalLong.empty();

    static final ReplyReader<Long> NUMBER = ReplyReaders::number;

    static final ReplyReader<ScanPage> SCAN_PAGE = ReplyReaders::scanPage;

    static final ReplyReader<Integer> REGION_ID =
            reply -> OpenRegionReply.read(reply.buffer(), reply.valueOffset(), reply.valueBytes());

    static final ReplyReader<Map<String, String>> STATS =
            reply -> StatsReply.read(reply.buffer(), reply.valueOffset(), reply.valueBytes());

    static final ReplyReader<RegionStats> REGION_STATS = ReplyReaders::regionStats;

    private ReplyReaders() {}

    private static RegionStats regionStats(Reply reply) {
        Map<String, String> stats = STATS.read(reply);
        return new RegionStats(
                figure(stats, "items"),
                figure(stats, "bytes"),
                figure(stats, "hits"),
                figure(stats, "misses"),
                figure(stats, "writes"),
                figure(stats, "evictions"));
    }

    private static long figure(Map<String, String> stats, String name) {
        String value = stats.get(name);
        if (value == null) {
            throw new Reply.UnreadableReplyException("stats without " + name);
        }
        return Long.parseLong(value);
    }

    private static IfChanged<byte[]> ifChanged(Reply reply) {
        if (reply.isOk()) {
            return IfChanged.changed(reply.entry());
        }
        return reply.is(Status.NOT_MODIFIED) ? IfChanged.unchanged() : IfChanged.missing();
    }

    private static LeaseReply lease(Reply reply) {
        if (reply.is(Status.REFRESH_YOURS)) {
            return new LeaseReply(Kind.REFRESH, reply.stored(), reply.leaseToken(), 0);
        }
        if (reply.isOk()) {
            return new LeaseReply(Kind.VALUE, reply.stored(), LeaseReply.NO_TOKEN, 0);
        }
        if (reply.is(Status.LEASE_YOURS)) {
            return new LeaseReply(Kind.YOURS, null, reply.leaseToken(), 0);
        }
        if (reply.is(Status.LEASE_OTHER)) {
            int retryAfterMillis = reply.retryAfterMillis();
            return new LeaseReply(Kind.OTHERS, null, LeaseReply.NO_TOKEN, retryAfterMillis);
        }
        return reply.is(Status.NEGATIVE) ? LeaseReply.NEGATIVE : LeaseReply.MISS;
    }

    private static WriteResult write(Reply reply) {
        if (reply.isOk()) {
            return new WriteResult(Outcome.APPLIED, reply.version());
        }
        if (reply.is(Status.VERSION_MISMATCH)) {
            return new WriteResult(Outcome.VERSION_MISMATCH, reply.version());
        }
        if (reply.is(Status.NOT_NEWER)) {
            return new WriteResult(Outcome.NOT_NEWER, reply.callerVersion());
        }
        if (reply.is(Status.EXISTS)) {
            return WriteResult.EXISTS;
        }
        return reply.is(Status.MISS) ? WriteResult.MISSING : WriteResult.NOT_STORED;
    }

    private static long number(Reply reply) {
        return IncrementReply.read(reply.buffer(), reply.valueOffset(), reply.valueBytes());
    }

    private static ScanPage scanPage(Reply reply) {
        ScanReply page = ScanReply.read(reply.buffer(), reply.valueOffset(), reply.valueBytes());
        return new ScanPage(page.keys(), page.cursor());
    }
}
