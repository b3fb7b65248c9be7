package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.lease.Leases.Answer;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** mg. Stateless. */
/*
 * Who is to load a value is a matter of Larder's leases, whichever protocol they are asked in.
 *
 *   absent, N         lease granted: W, and c is its token   another one's: Z   too many: EN
 *   past soft expiry  lease granted: X W                     another one's: Z X
 *   R, near its end   lease granted: W                       another one's: Z
 *   else              nothing; Z while somebody loads it
 *
 * Nothing is stored for a key that is being loaded: it stays absent for those who do not ask with N,
 * where memcached shows them an empty value. An ms with C and the lease's token stores only if the
 * lease still holds, that is if nothing has changed the key in between; for an item that is there C
 * is its version, and does the same. Whatever changes the key ends the lease.
 */
final class MetaReads {
    static final byte[] MISS = Ascii.bytes("EN");
    private static final byte[] TOO_MANY =
            Ascii.bytes("CLIENT_ERROR options flags are too long\r\n");
    private static final int TRIES_MAX = 4;
    private static final long LEASE_MILLIS = 10_000;

    private MetaReads() {}

    static Step get(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() < 2) {
            return talk.reply(TextConversation.ERROR);
        }
        if (!talk.isKey(1)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (MetaRequest.isTooLong(line)) {
            return talk.reply(TOO_MANY);
        }
        MetaRequest request = talk.bench().metaRequest;
        byte[] wrong = request.wrap(line, 2);
        if (wrong != null) {
            return talk.reply(wrong);
        }
        Mutation mutation = request.take(talk.bench());
        if (talk.mustWait(mutation.key, request.has('N') || request.has('T'))) {
            return Step.AWAITS_DISK;
        }
        look(talk, mutation);
        return Step.DONE;
    }

    private static void look(TextConversation talk, Mutation mutation) {
        Bench bench = talk.bench();
        MetaRequest request = bench.metaRequest;
        MetaValueSink sink = bench.metaSink;
        boolean isHit = false;
        Answer lease = null;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            isHit = read(talk, mutation);
            boolean isWanted =
                    isHit
                            ? (sink.isStale() && talk.mayWrite(mutation.key)) || isDue(bench)
                            : request.has('N');
            lease = isWanted ? acquire(talk, mutation, isHit) : null;
            if (lease != Answer.CHANGED) {
                break;
            }
        }
        count(talk, mutation, isHit);
        if (isHit) {
            boolean isOthers =
                    (lease == null || lease == Answer.CHANGED)
                            ? talk.leases().isHeld(mutation.key, bench.items.nowMillis())
                            : lease == Answer.OTHERS;
            boolean isYours = lease == Answer.YOURS || lease == Answer.FULL;
            sink.commit(isOthers, sink.isStale(), isYours);
        } else {
            answerMiss(talk, lease);
        }
    }

    private static boolean read(TextConversation talk, Mutation mutation) {
        Bench bench = talk.bench();
        MetaValueSink sink = bench.metaSink;
        sink.wrap(bench.metaRequest, talk.out());
        if (!bench.items.read(mutation.key, sink)) {
            return false;
        }
        if (!bench.metaRequest.has('T')) {
            return true;
        }
        sink.beforeTouch();
        mutation.expiryMillis = bench.expiryMillis(bench.metaRequest.touchSeconds());
        return bench.items.touch(mutation, sink) == WriteStatus.DONE;
    }

    private static boolean isDue(Bench bench) {
        MetaValueSink seen = bench.metaSink;
        long seconds = bench.metaRequest.refreshSeconds();
        if (!bench.metaRequest.has('R') || seconds <= 0) {
            return false;
        }
        long expiryMillis = seen.expiryAtRefreshMillis();
        long untilMillis = bench.expiryMillis(seconds) - bench.items.nowMillis();
        return expiryMillis != Mutation.NEVER
                && seen.secondsLeft(expiryMillis) * 1000 < untilMillis;
    }

    private static Answer acquire(TextConversation talk, Mutation mutation, boolean isHit) {
        Bench bench = talk.bench();
        boolean isItem = isHit || bench.metaSink.isNegative();
        long nowMillis = bench.items.nowMillis();
        long millis = LEASE_MILLIS;
        if (bench.metaRequest.has('N')) {
            millis = bench.expiryMillis(bench.metaRequest.leaseSeconds()) - nowMillis;
        }
        long version = isItem ? bench.metaSink.version() : Mutation.VERSION_ABSENT;
        return talk.leases().acquire(mutation.key, version, millis, nowMillis);
    }

    private static void count(TextConversation talk, Mutation mutation, boolean isHit) {
        Counts counts = talk.memcached().counts;
        counts.count(isHit, Count.GET_HITS, Count.GET_MISSES);
        counts.prefixes.read(mutation.key.bytes(), isHit);
        if (talk.bench().metaRequest.has('T')) {
            counts.count(Count.CMD_TOUCH);
            counts.count(isHit, Count.TOUCH_HITS, Count.TOUCH_MISSES);
        }
    }

    /** With a lease, or while another one has it, what is absent looks like an empty value. */
    private static void answerMiss(TextConversation talk, @Nullable Answer lease) {
        MetaRequest request = talk.bench().metaRequest;
        ByteBuf out = talk.out();
        if (lease == null || lease == Answer.FULL) {
            if (!request.has('q')) {
                request.answer(out, MISS);
            }
            return;
        }
        MetaValueSink.begin(out, request, 0);
        for (int i = 0; i < request.count(); i++) {
            char flag = request.at(i);
            switch (flag) {
                case 's', 'f', 'h', 'l' -> MetaRequest.append(out, flag, 0);
                case 'c' -> MetaRequest.appendUnsigned(out, 'c', talk.leases().token());
                case 't' -> MetaRequest.append(out, 't', (talk.leases().millisLeft() + 999) / 1000);
                default -> request.repeat(out, flag);
            }
        }
        MetaValueSink.mark(out, lease != Answer.YOURS, 'Z');
        MetaValueSink.mark(out, lease == Answer.YOURS, 'W');
        out.writeBytes(TextConversation.CRLF);
        if (request.has('v')) {
            out.writeBytes(TextConversation.CRLF);
        }
    }
}
