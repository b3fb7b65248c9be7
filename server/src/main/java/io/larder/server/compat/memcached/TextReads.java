package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.Conversation;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;

/** get, gets, gat and gats. Stateless. */
final class TextReads {
    private static final byte[] END = Ascii.bytes("END\r\n");
    private static final byte[] BAD_EXPTIME =
            Ascii.bytes("CLIENT_ERROR invalid exptime argument\r\n");
    private static final long NO_TOUCH = Long.MIN_VALUE;

    private TextReads() {}

    static Step get(TextConversation talk, boolean withCas) {
        return talk.line().count() < 2
                ? talk.reply(TextConversation.ERROR)
                : read(talk, withCas, 1, NO_TOUCH);
    }

    static Step getAndTouch(TextConversation talk, boolean withCas) {
        if (talk.line().count() < 2) {
            return talk.reply(TextConversation.ERROR);
        }
        if (!talk.readNumber(1)) {
            return talk.reply(BAD_EXPTIME);
        }
        long expiryMillis = talk.bench().expiryMillis(talk.bench().digits.value());
        return read(talk, withCas, 2, expiryMillis);
    }

    private static Step read(TextConversation talk, boolean withCas, int word, long expiryMillis) {
        TextLine line = talk.line();
        int at = talk.resumeAt();
        if (at == 0) {
            if (line.count() <= word) {
                return talk.reply(END);
            }
            at = line.offset(word);
            if (!areKeys(line, at)) {
                return talk.reply(TextConversation.BAD_FORMAT);
            }
        }
        if (mustWait(talk, at, expiryMillis != NO_TOUCH)) {
            return Step.AWAITS_DISK;
        }
        while (at < line.end()) {
            int length = line.wordLength(at);
            int next = line.nextWord(at + length);
            if (next < line.end() && talk.bench().row.isUsedUp()) {
                talk.bench().ahead.fillFromWord(line, at);
            }
            one(talk, at, length, withCas, expiryMillis);
            at = next;
            if (talk.out().readableBytes() >= Conversation.REPLY_BYTES && at < line.end()) {
                talk.resumeAt(at);
                return Step.HAS_REPLIES;
            }
        }
        return talk.reply(END);
    }

    private static boolean areKeys(TextLine line, int from) {
        int at = from;
        while (at < line.end()) {
            int length = line.wordLength(at);
            if (length > Memcached.KEY_BYTES_MAX) {
                return false;
            }
            at = line.nextWord(at + length);
        }
        return true;
    }

    private static boolean mustWait(TextConversation talk, int from, boolean takeBack) {
        if (!talk.disk().isPossible()) {
            return false;
        }
        TextLine line = talk.line();
        int at = from;
        while (at < line.end()) {
            int length = line.wordLength(at);
            Mutation mutation = talk.bench().row.take(talk.in(), at, length);
            talk.disk().want(mutation.key, takeBack);
            at = line.nextWord(at + length);
        }
        return talk.disk().await();
    }

    private static void one(
            TextConversation talk, int offset, int length, boolean withCas, long expiryMillis) {
        Bench bench = talk.bench();
        Counts counts = talk.memcached().counts;
        Mutation mutation = bench.row.take(talk.in(), offset, length);
        TextValueSink sink = bench.textSink;
        sink.wrap(talk.in(), offset, length, talk.out(), withCas);
        boolean isHit;
        if (expiryMillis == NO_TOUCH) {
            isHit = bench.items.read(mutation.key, sink);
        } else {
            mutation.expiryMillis = expiryMillis;
            isHit = bench.items.touch(mutation, sink) == WriteStatus.DONE;
            counts.count(Count.CMD_TOUCH);
            counts.count(isHit, Count.TOUCH_HITS, Count.TOUCH_MISSES);
        }
        if (isHit) {
            sink.commit();
        }
        counts.count(isHit, Count.GET_HITS, Count.GET_MISSES);
        counts.prefixes.read(mutation.key.bytes(), isHit);
    }
}
