package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.ItemSink;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.WriteStatus;
import io.netty.buffer.ByteBuf;

/** ma. Stateless. */
final class MetaArithmetic {
    private static final byte[] BAD_MODE =
            Ascii.bytes("CLIENT_ERROR invalid mode for ma M token\r\n");

    private MetaArithmetic() {}

    static Step run(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() < 2) {
            return talk.reply(TextConversation.ERROR);
        }
        if (!talk.isKey(1)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (MetaRequest.isTooLong(line)) {
            return talk.reply(MetaWrites.TOO_MANY);
        }
        MetaRequest request = talk.bench().metaRequest;
        byte[] wrong = request.wrap(line, 2);
        if (wrong != null) {
            return talk.reply(MetaRequest.anyOf(wrong));
        }
        char mode = request.mode('I');
        boolean isUp = mode == 'I' || mode == '+';
        if (!isUp && mode != 'D' && mode != '-') {
            return talk.reply(BAD_MODE);
        }
        Mutation mutation = request.take(talk.bench());
        if (talk.mustWait(mutation.key, true)) {
            return Step.AWAITS_DISK;
        }
        return count(talk, mutation, isUp);
    }

    private static Step count(TextConversation talk, Mutation mutation, boolean isUp) {
        MetaRequest request = talk.bench().metaRequest;
        Counts counts = talk.memcached().counts;
        WriteStatus status = add(talk.bench(), mutation, isUp);
        if (status == WriteStatus.DONE) {
            counts.count(isUp ? Count.INCR_HITS : Count.DECR_HITS);
            return request.has('q') ? Step.DONE : answer(talk, mutation, false);
        }
        if (status == WriteStatus.NOT_A_NUMBER) {
            return talk.reply(TextChanges.NOT_A_NUMBER);
        }
        if (status == WriteStatus.MISSING && request.has('N')) {
            status = create(talk.bench(), mutation);
            if (status == WriteStatus.DONE) {
                return answer(talk, mutation, true);
            }
            status = status == WriteStatus.EXISTS ? WriteStatus.BUSY : status;
        } else if (status == WriteStatus.MISSING) {
            counts.count(isUp ? Count.INCR_MISSES : Count.DECR_MISSES);
        }
        return MetaWrites.answer(talk, status, MetaWrites.NOT_FOUND, MetaWrites.NO_VERSION);
    }

    private static WriteStatus add(Bench bench, Mutation mutation, boolean isUp) {
        MetaRequest request = bench.metaRequest;
        long expiryMillis =
                request.has('T')
                        ? bench.expiryMillis(request.touchSeconds())
                        : Counting.KEEP_EXPIRY;
        long version = request.has('C') ? request.expectedVersion() : Counting.ANY_VERSION;
        mutation.callerVersion = request.newVersion();
        return bench.counting.add(mutation, request.delta(), isUp, version, expiryMillis);
    }

    /** EXISTS if another one was faster. */
    private static WriteStatus create(Bench bench, Mutation mutation) {
        MetaRequest request = bench.metaRequest;
        bench.counting.begin(mutation.reset(), request.initial());
        mutation.presence = Presence.ABSENT;
        mutation.callerVersion = request.newVersion();
        for (int i = 0; i < request.count(); i++) {
            mutation.expiryMillis = expiryMillis(bench, i, true, mutation.expiryMillis);
        }
        return bench.items.put(mutation);
    }

    /**
     * The expiry once a flag has been seen: of N, which is for new numbers, and T the last wins.
     */
    private static long expiryMillis(Bench bench, int flag, boolean isNew, long beforeMillis) {
        MetaRequest request = bench.metaRequest;
        return switch (request.at(flag)) {
            case 'N' -> isNew ? bench.expiryMillis(request.leaseSeconds()) : beforeMillis;
            case 'T' -> bench.expiryMillis(request.touchSeconds());
            default -> beforeMillis;
        };
    }

    private static Step answer(TextConversation talk, Mutation mutation, boolean isNew) {
        Bench bench = talk.bench();
        MetaRequest request = bench.metaRequest;
        ByteBuf out = talk.out();
        long number = bench.counting.number();
        MetaValueSink.begin(out, request, Ascii.digits(number));
        long expiryMillis = isNew ? Mutation.NEVER : bench.scratch.expiryMillis();
        for (int i = 0; i < request.count(); i++) {
            char flag = request.at(i);
            expiryMillis = expiryMillis(bench, i, isNew, expiryMillis); // for what comes behind it
            switch (flag) {
                case 't' ->
                        MetaRequest.append(
                                out,
                                't',
                                ItemSink.secondsLeft(expiryMillis, bench.items.nowMillis()));
                case 'c' ->
                        MetaRequest.appendUnsigned(
                                out, 'c', MetaWrites.versionOf(request, mutation));
                default -> request.repeat(out, flag);
            }
        }
        out.writeBytes(TextConversation.CRLF);
        if (request.has('v')) {
            Ascii.appendUnsigned(out, number);
            out.writeBytes(TextConversation.CRLF);
        }
        return Step.DONE;
    }
}
