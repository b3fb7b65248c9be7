package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.netty.buffer.ByteBuf;

/** flush_all, verbosity, version, stats, slabs and shutdown. Stateless. */
final class TextAdmin {
    private static final byte[] OK = Ascii.bytes("OK\r\n");
    private static final byte[] END = Ascii.bytes("END\r\n");
    private static final byte[] RESET = Ascii.bytes("RESET\r\n");
    private static final byte[] VERSION = Ascii.bytes("VERSION " + Memcached.VERSION + "\r\n");
    private static final byte[] NO_SHUTDOWN = Ascii.bytes("ERROR: shutdown not enabled\r\n");
    private static final byte[] BAD_EXPTIME =
            Ascii.bytes("CLIENT_ERROR invalid exptime argument\r\n");
    private static final byte[] BAD_DETAIL =
            Ascii.bytes("CLIENT_ERROR usage: stats detail on|off|dump\r\n");
    private static final byte[] NO_SLABS =
            Ascii.bytes("CLIENT_ERROR slab reassignment disabled\r\n");
    private static final byte[] REASSIGN = Ascii.bytes("reassign");
    private static final byte[] AUTOMOVE = Ascii.bytes("automove");
    private static final byte[] NO_DUMP =
            Ascii.bytes("CLIENT_ERROR stats cachedump not allowed\r\n");
    private static final byte[] NO_SPACE =
            Ascii.bytes("SERVER_ERROR flushed too often; restart the server\r\n");

    private TextAdmin() {}

    static Step flushAll(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() > 3) {
            return talk.reply(TextConversation.ERROR);
        }
        talk.takeNoReply();
        long delayMillis = 0;
        if (line.count() - (talk.isNoReply() ? 1 : 0) > 1) {
            if (!talk.readNumber(1)) {
                return talk.reply(BAD_EXPTIME);
            }
            delayMillis = delayMillis(talk.bench());
        }
        talk.memcached().counts.count(Count.CMD_FLUSH);
        boolean isDone = talk.memcached().flushes.flush(talk.peer(), delayMillis);
        talk.spaceChanged();
        return talk.reply(isDone ? OK : NO_SPACE);
    }

    private static long delayMillis(Bench bench) {
        long seconds = bench.digits.value();
        return seconds == 0 ? 0 : bench.expiryMillis(seconds) - bench.items.nowMillis();
    }

    static Step verbosity(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() < 2 || line.count() > 3) {
            return talk.reply(TextConversation.ERROR);
        }
        talk.takeNoReply();
        return talk.reply(
                talk.readNumber(1) && talk.bench().digits.value() >= 0
                        ? OK
                        : TextConversation.BAD_FORMAT);
    }

    static Step version(TextConversation talk) {
        return talk.reply(VERSION);
    }

    static Step shutdown(TextConversation talk) {
        return talk.reply(NO_SHUTDOWN);
    }

    /** There are no classes of items here that memory could be moved between. */
    static Step slabs(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() == 4 && line.is(1, REASSIGN)) {
            return talk.reply(NO_SLABS);
        }
        if (line.count() < 3 || !line.is(1, AUTOMOVE)) {
            return talk.reply(TextConversation.ERROR);
        }
        if (!talk.readNumber(2)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        return talk.reply(talk.bench().digits.value() == 0 ? OK : NO_SLABS);
    }

    static Step stats(TextConversation talk) {
        TextLine line = talk.line();
        String group = line.count() > 1 ? line.text(1) : "";
        if (group.equals("detail")) {
            return detail(talk);
        }
        if (group.equals("cachedump")) {
            return talk.reply(NO_DUMP);
        }
        ByteBuf out = talk.out();
        boolean isKnown =
                talk.memcached()
                        .stats
                        .tell(
                                group,
                                (name, value) ->
                                        Ascii.append(out, "STAT " + name + ' ' + value + "\r\n"));
        if (!isKnown) {
            return talk.reply(TextConversation.ERROR);
        }
        return talk.reply(group.equals("reset") ? RESET : END);
    }

    private static Step detail(TextConversation talk) {
        String what = talk.line().count() > 2 ? talk.line().text(2) : "";
        ByteBuf out = talk.out();
        boolean isKnown =
                talk.memcached()
                        .stats
                        .tell("detail " + what, (name, lines) -> Ascii.append(out, lines));
        if (!isKnown) {
            return talk.reply(BAD_DETAIL);
        }
        return talk.reply(what.equals("dump") ? END : OK);
    }
}
