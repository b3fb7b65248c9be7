package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.Digits;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;

/** incr, decr, delete and touch. Stateless. */
final class TextChanges {
    private static final byte[] NOT_FOUND = Ascii.bytes("NOT_FOUND\r\n");
    private static final byte[] DELETED = Ascii.bytes("DELETED\r\n");
    private static final byte[] TOUCHED = Ascii.bytes("TOUCHED\r\n");
    private static final byte[] BAD_DELTA =
            Ascii.bytes("CLIENT_ERROR invalid numeric delta argument\r\n");
    private static final byte[] BAD_EXPTIME =
            Ascii.bytes("CLIENT_ERROR invalid exptime argument\r\n");
    private static final byte[] BAD_DELETE =
            Ascii.bytes("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n");
    private static final byte[] ZERO = Ascii.bytes("0");
    static final byte[] NOT_A_NUMBER =
            Ascii.bytes("CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");

    private TextChanges() {}

    static Step count(TextConversation talk, boolean isUp) {
        TextLine line = talk.line();
        if (line.count() != 3 && line.count() != 4) {
            return talk.reply(TextConversation.ERROR);
        }
        talk.takeNoReply();
        Bench bench = talk.bench();
        Digits digits = bench.digits;
        if (!talk.isKey(1)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (!digits.readUnsignedLoosely(talk.in(), line.offset(2), line.length(2))) {
            return talk.reply(BAD_DELTA);
        }
        long delta = digits.value();
        Mutation mutation = talk.take(1);
        if (talk.mustWait(mutation.key, true)) {
            return Step.AWAITS_DISK;
        }
        WriteStatus status =
                bench.counting.add(
                        mutation, delta, isUp, Counting.ANY_VERSION, Counting.KEEP_EXPIRY);
        Counts counts = talk.memcached().counts;
        if (status == WriteStatus.DONE) {
            counts.count(isUp ? Count.INCR_HITS : Count.DECR_HITS);
            if (!talk.isNoReply()) {
                Ascii.appendUnsigned(talk.out(), bench.counting.number());
            }
            return talk.reply(TextConversation.CRLF);
        }
        if (status == WriteStatus.MISSING) {
            counts.count(isUp ? Count.INCR_MISSES : Count.DECR_MISSES);
            return talk.reply(NOT_FOUND);
        }
        return talk.reply(
                status == WriteStatus.NOT_A_NUMBER ? NOT_A_NUMBER : TextConversation.NO_MEMORY);
    }

    static Step delete(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() < 2 || line.count() > 4) {
            return talk.reply(TextConversation.ERROR);
        }
        talk.takeNoReply();
        boolean isZero = line.is(2, ZERO);
        boolean isSound =
                line.count() == 2
                        || (line.count() == 3 && (isZero || talk.isNoReply()))
                        || (line.count() == 4 && isZero && talk.isNoReply());
        if (!isSound) {
            return talk.reply(BAD_DELETE);
        }
        if (!talk.isKey(1)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        Mutation mutation = talk.take(1);
        if (talk.mustWait(mutation.key, true)) {
            return Step.AWAITS_DISK;
        }
        WriteStatus status = talk.bench().items.delete(mutation);
        boolean isHit = status == WriteStatus.DONE;
        talk.memcached().counts.count(isHit, Count.DELETE_HITS, Count.DELETE_MISSES);
        talk.memcached().counts.prefixes.deleted(mutation.key.bytes());
        return switch (status) {
            case DONE -> talk.reply(DELETED);
            case MISSING -> talk.reply(NOT_FOUND);
            default -> talk.reply(TextConversation.NO_MEMORY);
        };
    }

    static Step touch(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() != 3 && line.count() != 4) {
            return talk.reply(TextConversation.ERROR);
        }
        talk.takeNoReply();
        if (!talk.isKey(1)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (!talk.readNumber(2)) {
            return talk.reply(BAD_EXPTIME);
        }
        Bench bench = talk.bench();
        long expiryMillis = bench.expiryMillis(bench.digits.value());
        Mutation mutation = talk.take(1);
        if (talk.mustWait(mutation.key, true)) {
            return Step.AWAITS_DISK;
        }
        mutation.expiryMillis = expiryMillis;
        WriteStatus status = bench.items.touch(mutation, null);
        Counts counts = talk.memcached().counts;
        counts.count(Count.CMD_TOUCH);
        counts.count(status == WriteStatus.DONE, Count.TOUCH_HITS, Count.TOUCH_MISSES);
        return switch (status) {
            case DONE -> talk.reply(TOUCHED);
            case MISSING -> talk.reply(NOT_FOUND);
            default -> talk.reply(TextConversation.NO_MEMORY);
        };
    }
}
