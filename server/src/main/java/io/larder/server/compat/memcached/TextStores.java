package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.Digits;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.WriteStatus;

/** set, add, replace, append, prepend and cas. Stateless. */
final class TextStores {
    private static final byte[] STORED = Ascii.bytes("STORED\r\n");
    private static final byte[] NOT_STORED = Ascii.bytes("NOT_STORED\r\n");
    private static final byte[] EXISTS = Ascii.bytes("EXISTS\r\n");
    private static final byte[] NOT_FOUND = Ascii.bytes("NOT_FOUND\r\n");
    private static final byte[] BAD_DATA = Ascii.bytes("CLIENT_ERROR bad data chunk\r\n");

    /** No item has this version. */
    static final long NO_VERSION = -1;

    private static final int FLAGS_WORD = 2;
    private static final int EXPTIME_WORD = 3;
    private static final int SIZE_WORD = 4;
    private static final int CAS_WORD = 5;

    /** How a value gets into the store. */
    enum Verb {
        SET("set"),
        ADD("add"),
        REPLACE("replace"),
        APPEND("append"),
        PREPEND("prepend"),
        CAS("cas");

        final String word;

        Verb(String word) {
            this.word = word;
        }

        /** Whether what is stored already decides. */
        boolean isConditional() {
            return this != SET;
        }

        boolean isExtension() {
            return this == APPEND || this == PREPEND;
        }
    }

    private TextStores() {}

    static Step store(TextConversation talk, Verb verb) {
        TextLine line = talk.line();
        int words = verb == Verb.CAS ? CAS_WORD + 1 : SIZE_WORD + 1;
        if (line.count() != words && line.count() != words + 1) {
            return talk.reply(TextConversation.ERROR);
        }
        talk.takeNoReply();
        Digits digits = talk.bench().digits;
        if (!talk.isKey(1) || !isUnsignedInt(talk, FLAGS_WORD) || !talk.readNumber(EXPTIME_WORD)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (!talk.readNumber(SIZE_WORD)
                || digits.value() < 0
                || digits.value() > Integer.MAX_VALUE - 2) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        int valueBytes = (int) digits.value();
        if (verb == Verb.CAS
                && !digits.readUnsignedLoosely(
                        talk.in(), line.offset(CAS_WORD), line.length(CAS_WORD))) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (Memcached.isTooLarge(line.length(1), valueBytes)) {
            return refuse(talk, verb, valueBytes);
        }
        if (!talk.hasData(valueBytes)) {
            return Step.NEEDS_INPUT;
        }
        if (!talk.isDataEnded()) {
            return talk.reply(BAD_DATA);
        }
        return put(talk, verb, valueBytes);
    }

    private static boolean isUnsignedInt(TextConversation talk, int word) {
        TextLine line = talk.line();
        Digits digits = talk.bench().digits;
        return digits.readUnsignedLoosely(talk.in(), line.offset(word), line.length(word))
                && digits.value() >>> Integer.SIZE == 0;
    }

    /** What was stored before must not be taken for what was to be stored. */
    private static Step refuse(TextConversation talk, Verb verb, int valueBytes) {
        talk.memcached().counts.count(Count.STORE_TOO_LARGE);
        if (verb == Verb.SET) {
            talk.bench().items.delete(talk.take(1));
        }
        talk.swallow(valueBytes + 2L);
        return talk.reply(TextConversation.TOO_LARGE);
    }

    private static Step put(TextConversation talk, Verb verb, int valueBytes) {
        Bench bench = talk.bench();
        Mutation mutation = talk.take(1);
        if (verb.isConditional() && talk.mustWait(mutation.key, true)) {
            return Step.AWAITS_DISK;
        }
        KeyRow.wrap(mutation.value, talk.in(), talk.line().next(), valueBytes);
        talk.memcached().counts.count(Count.CMD_SET);
        talk.memcached().counts.prefixes.written(mutation.key.bytes());
        WriteStatus status;
        if (verb.isExtension()) {
            status = bench.extend(mutation, verb == Verb.APPEND);
        } else {
            isUnsignedInt(talk, FLAGS_WORD);
            mutation.clientFlags = (int) bench.digits.value();
            talk.readNumber(EXPTIME_WORD);
            mutation.expiryMillis = bench.expiryMillis(bench.digits.value());
            mutation.presence =
                    verb == Verb.ADD
                            ? Presence.ABSENT
                            : verb == Verb.REPLACE ? Presence.PRESENT : Presence.ANY;
            if (verb == Verb.CAS) {
                expectVersion(talk, mutation);
            }
            status = bench.items.put(mutation);
        }
        return answer(talk, verb, status);
    }

    private static void expectVersion(TextConversation talk, Mutation mutation) {
        TextLine line = talk.line();
        Digits digits = talk.bench().digits;
        digits.readUnsignedLoosely(talk.in(), line.offset(CAS_WORD), line.length(CAS_WORD));
        mutation.ifVersion = true;
        mutation.expectedVersion = digits.value() == 0 ? NO_VERSION : digits.value();
    }

    private static Step answer(TextConversation talk, Verb verb, WriteStatus status) {
        Counts counts = talk.memcached().counts;
        if (verb == Verb.CAS) {
            switch (status) {
                case DONE -> counts.count(Count.CAS_HITS);
                case MISSING -> counts.count(Count.CAS_MISSES);
                case VERSION_MISMATCH -> counts.count(Count.CAS_BADVAL);
                default -> {
                    // not decided
                }
            }
        }
        return switch (status) {
            case DONE -> talk.reply(STORED);
            case MISSING -> talk.reply(verb == Verb.CAS ? NOT_FOUND : NOT_STORED);
            case EXISTS -> talk.reply(NOT_STORED);
            case VERSION_MISMATCH -> talk.reply(EXISTS);
            case TOO_LARGE -> talk.reply(TextConversation.TOO_LARGE);
            default -> {
                counts.count(Count.STORE_NO_MEMORY);
                yield talk.reply(TextConversation.NO_MEMORY);
            }
        };
    }
}
