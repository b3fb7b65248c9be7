package io.larder.server.command;

import static io.larder.protocol.RequestFlag.IF_NEWER;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.ONLY_PRESENT;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Condition;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;

/** SET, DELETE, TOUCH, APPEND and PREPEND. Stateless; any event loop. */
final class WriteCommands {
    /** How often a condition that takes two steps is tried against writers that come between. */
    private static final int ATTEMPTS_MAX = 8;

    private static final int CONDITIONS = IF_VERSION | IF_NEWER | ONLY_ABSENT | ONLY_PRESENT;

    private final Store store;
    private final RegionTable regions;
    private final CommandLimits limits;
    private final WriteReplies replies;

    WriteCommands(CommandServices services, WriteReplies replies) {
        store = services.store();
        regions = services.regions();
        limits = services.limits();
        this.replies = replies;
    }

    void set(Session session, Workbench bench) {
        Request request = bench.request;
        Mutation mutation = bench.mutation.reset();
        if (!takeValue(bench)) {
            return;
        }
        long nowMillis = session.nowMillis();
        mutation.expiryMillis =
                Lifetime.expiryMillis(
                        request, nowMillis, regions.defaultTtlMillis(request.regionId));
        mutation.clientFlags = request.clientFlags;
        mutation.format = request.format;
        mutation.callerVersion = request.callerVersion;
        if (needsTwoSteps(request)) {
            setInTwoSteps(session, bench);
            return;
        }
        mutation.condition = condition(request);
        mutation.expectedVersion = request.version;
        replies.answer(session, bench, store.put(mutation, nowMillis));
    }

    /** The store's condition that says the same as the flags. */
    private static Condition condition(Request request) {
        if ((request.flags & CONDITIONS) == 0) {
            return Condition.ALWAYS;
        }
        if (request.hasFlag(ONLY_ABSENT)) {
            return Condition.ABSENT;
        }
        if (request.hasFlag(IF_VERSION)) {
            boolean wantsAbsent = request.version == ProtocolLimits.VERSION_ABSENT;
            return wantsAbsent && !request.hasFlag(ONLY_PRESENT)
                    ? Condition.ABSENT
                    : Condition.VERSION;
        }
        return request.hasFlag(ONLY_PRESENT) ? Condition.PRESENT : Condition.NEWER;
    }

    /** Whether the flags say what no single condition of the store does. */
    private static boolean needsTwoSteps(Request request) {
        if ((request.flags & (IF_VERSION | IF_NEWER)) == 0) {
            return false;
        }
        boolean wantsVersion =
                request.hasFlag(IF_VERSION) && request.version != ProtocolLimits.VERSION_ABSENT;
        boolean isLowest = request.callerVersion == Mutation.NO_CALLER_VERSION;
        return (request.hasFlag(IF_NEWER)
                        && (request.hasFlag(ONLY_PRESENT) || wantsVersion || isLowest))
                || (request.hasFlag(ONLY_ABSENT) && wantsVersion);
    }

    /**
     * Looks, judges the conditions in their order, and writes only over what was seen: an item's
     * caller version cannot change while its version stays.
     */
    private void setInTwoSteps(Session session, Workbench bench) {
        Mutation mutation = bench.mutation;
        ProbeSink seen = bench.probe;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            ReadStatus read = store.get(mutation.key, session.nowMillis(), seen);
            boolean isPresent = read == ReadStatus.HIT;
            if (isPresent ? refusesPresent(bench) : refusesAbsent(bench)) {
                return;
            }
            mutation.condition = isPresent ? Condition.VERSION : Condition.ABSENT;
            mutation.expectedVersion = seen.version;
            WriteStatus status = store.put(mutation, session.nowMillis());
            boolean hasChanged =
                    status == WriteStatus.VERSION_MISMATCH
                            || status == WriteStatus.MISSING
                            || status == WriteStatus.EXISTS;
            if (!hasChanged) {
                replies.answer(session, bench, status);
                return;
            }
        }
        replies.answer(session, bench, WriteStatus.BUSY);
    }

    /** Whether the flags do not want an absent key written, which is then answered. */
    private static boolean refusesAbsent(Workbench bench) {
        Request request = bench.request;
        boolean wantsVersion =
                request.hasFlag(IF_VERSION) && request.version != ProtocolLimits.VERSION_ABSENT;
        boolean refuses = request.hasFlag(ONLY_PRESENT) || wantsVersion;
        if (refuses) {
            bench.reply.empty(Status.MISS);
        }
        return refuses;
    }

    /** Whether the flags do not want the item seen overwritten, which is then answered. */
    private static boolean refusesPresent(Workbench bench) {
        Request request = bench.request;
        ProbeSink seen = bench.probe;
        if (request.hasFlag(ONLY_ABSENT)) {
            bench.reply.empty(Status.EXISTS);
        } else if (request.hasFlag(IF_VERSION) && seen.version != request.version) {
            WriteReplies.versionMismatch(bench, seen.version);
        } else if (request.hasFlag(IF_NEWER)
                && seen.callerVersion != Mutation.NO_CALLER_VERSION
                && Long.compareUnsigned(seen.callerVersion, request.callerVersion) >= 0) {
            WriteReplies.notNewer(bench, seen.callerVersion);
        } else {
            return false;
        }
        return true;
    }

    void delete(Session session, Workbench bench) {
        Mutation mutation = bench.mutation.reset();
        expectVersion(bench.request, mutation);
        replies.answer(session, bench, store.delete(mutation, session.nowMillis()));
    }

    void touch(Session session, Workbench bench) {
        Request request = bench.request;
        Mutation mutation = bench.mutation.reset();
        expectVersion(request, mutation);
        mutation.expiryMillis =
                Lifetime.expiryMillis(
                        request, session.nowMillis(), regions.defaultTtlMillis(request.regionId));
        replies.answer(session, bench, store.touch(mutation, session.nowMillis(), null));
    }

    void append(Session session, Workbench bench) {
        extend(session, bench, true);
    }

    void prepend(Session session, Workbench bench) {
        extend(session, bench, false);
    }

    private void extend(Session session, Workbench bench, boolean atEnd) {
        Mutation mutation = bench.mutation.reset();
        if (!takeValue(bench)) {
            return;
        }
        expectVersion(bench.request, mutation);
        replies.answer(session, bench, store.append(mutation, atEnd, session.nowMillis()));
    }

    /**
     * For writes that need an item: version 0, "absent", never fits, and an absent key is a MISS.
     */
    private static void expectVersion(Request request, Mutation mutation) {
        if (request.hasFlag(IF_VERSION)) {
            mutation.condition = Condition.VERSION;
            mutation.expectedVersion = request.version;
        }
    }

    private boolean takeValue(Workbench bench) {
        Request request = bench.request;
        int valueBytesMax = limits.valueBytesMax();
        if (request.valueBytes > valueBytesMax) {
            bench.reply.error(
                    Status.TOO_LARGE,
                    ErrorBody.of("valueLength", request.valueBytes, "0.." + valueBytesMax)
                            .withLimit(valueBytesMax));
            return false;
        }
        KeyAhead.wrapValue(bench.mutation.value, request);
        return true;
    }
}
