package io.larder.server.command;

import static io.larder.protocol.RequestFlag.IF_VERSION;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.ProtocolLimits;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Condition;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;

/** INCREMENT. Stateless; any event loop. */
final class CounterCommands {
    private static final int ATTEMPTS_MAX = 8;

    private final Store store;
    private final RegionTable regions;
    private final WriteReplies replies;

    CounterCommands(CommandServices services, WriteReplies replies) {
        store = services.store();
        regions = services.regions();
        this.replies = replies;
    }

    /**
     * Counts, or stores the first number. Where that number has a lifetime it is stored by a SET
     * that wants the key absent, since the store's own creation does not expire; if somebody else
     * was first, it is counted again.
     */
    void increment(Session session, Workbench bench) {
        Request request = bench.request;
        long nowMillis = session.nowMillis();
        boolean mayCreate = request.has(ExtensionType.INITIAL) && !wantsPresent(request);
        long first = request.initial + request.delta;
        boolean fits = ((request.initial ^ first) & (request.delta ^ first)) >= 0;
        long expiryMillis =
                Lifetime.expiryMillis(
                        request, nowMillis, regions.defaultTtlMillis(request.regionId));
        boolean inOneStep = mayCreate && fits && expiryMillis == Mutation.NEVER;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            WriteStatus status = count(bench, inOneStep, first, nowMillis);
            if (status != WriteStatus.MISSING || !mayCreate) {
                replies.answer(session, bench, status);
                return;
            }
            if (!fits) {
                WriteReplies.numberOverflow(bench, request.initial);
                return;
            }
            status = create(bench, first, expiryMillis, nowMillis);
            if (status != WriteStatus.EXISTS) {
                replies.answer(session, bench, status);
                return;
            }
        }
        replies.answer(session, bench, WriteStatus.BUSY);
    }

    private static boolean wantsPresent(Request request) {
        return request.hasFlag(IF_VERSION) && request.version != ProtocolLimits.VERSION_ABSENT;
    }

    private WriteStatus count(Workbench bench, boolean mayCreate, long first, long nowMillis) {
        Mutation mutation = bench.mutation.reset();
        Request request = bench.request;
        if (request.hasFlag(IF_VERSION)) {
            mutation.condition = wantsPresent(request) ? Condition.VERSION : Condition.ABSENT;
            mutation.expectedVersion = request.version;
        }
        mutation.expiryMillis = Mutation.KEEP_EXPIRY;
        mutation.delta = request.delta;
        mutation.createIfAbsent = mayCreate;
        mutation.initial = first;
        return store.increment(mutation, nowMillis);
    }

    private WriteStatus create(Workbench bench, long first, long expiryMillis, long nowMillis) {
        Mutation mutation = bench.mutation.reset();
        mutation.condition = Condition.ABSENT;
        mutation.expiryMillis = expiryMillis;
        mutation.number = first;
        mutation.value.wrap(bench.digits, 0, putDecimal(first, bench.digits));
        return store.put(mutation, nowMillis);
    }

    /** Writes a number as decimal text to the start of {@code text}; returns its length. */
    static int putDecimal(long number, byte[] text) {
        int at = text.length;
        long rest = number;
        do {
            text[--at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (number < 0) {
            text[--at] = '-';
        }
        int length = text.length - at;
        System.arraycopy(text, at, text, 0, length);
        return length;
    }
}
