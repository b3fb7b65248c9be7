package io.larder.server.compat.memcached;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Need;
import io.larder.server.compat.Ascii;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Whether a connection's user may have a line carried out. Stateless. */
final class TextAccess {
    static final byte[] NOT_PERMITTED = Ascii.bytes("CLIENT_ERROR not permitted\r\n");

    private TextAccess() {}

    static boolean admits(TextConversation talk, TextCommandTable.Named command) {
        Caller caller = talk.peer().caller();
        Need need = need(talk.line(), command);
        if (need == Need.OPERATE && caller.may(need)) {
            caller.operated("memcached " + talk.line().text(0).strip());
            return true;
        }
        return caller.may(need) || (need.isKeyed() && areKeysAdmitted(talk, command, need));
    }

    /** What a command needs may turn on its words. */
    private static Need need(TextLine line, TextCommandTable.Named command) {
        if (command.keys() == Keys.META && command.need() == Need.READ) {
            return hasFlag(line, "NRT") ? Need.READ_AND_WRITE : Need.READ;
        }
        return command.need() == Need.STATS && line.count() > 1
                ? GeneralStats.need(line.text(1))
                : command.need();
    }

    private static boolean hasFlag(TextLine line, String letters) {
        for (int word = 2; word < line.count(); word++) {
            if (letters.indexOf(line.in().getByte(line.offset(word))) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Where there is no key the command says so itself. */
    private static boolean areKeysAdmitted(
            TextConversation talk, TextCommandTable.Named command, Need need) {
        TextLine line = talk.line();
        int first = command.keys() == Keys.MANY_BEHIND_TIME ? 2 : 1;
        if (line.count() <= first) {
            return true;
        }
        if (command.keys().isEncoded(line)) {
            return isDecodedAdmitted(talk, need);
        }
        boolean isOne = !command.keys().areMany();
        Slice key = new Slice();
        int at = line.offset(first);
        while (at < line.end()) {
            int length = line.wordLength(at);
            KeyRow.wrap(key, line.in(), at, length);
            if (!talk.peer().caller().may(need, key)) {
                return false;
            }
            at = isOne ? line.end() : line.nextWord(at + length);
        }
        return true;
    }

    private static boolean isDecodedAdmitted(TextConversation talk, Need need) {
        byte[] text = talk.line().text(1).getBytes(StandardCharsets.ISO_8859_1);
        try {
            Slice key = Slice.of(Base64.getDecoder().decode(text));
            return talk.peer().caller().may(need, key);
        } catch (IllegalArgumentException e) {
            return true; // no key, and the command says so
        }
    }

    /** Answers a line that is not to be carried out, and throws away what belongs to it. */
    static Step refuse(TextConversation talk, TextCommandTable.Named command) {
        TextLine line = talk.line();
        talk.peer()
                .caller()
                .forbidden("memcached " + line.text(0).strip() + " in " + RegionTable.DEFAULT_NAME);
        if (!command.keys().isMeta()) {
            talk.takeNoReply();
        }
        int sizeWord = command.sizeWord();
        if (sizeWord > 0
                && line.count() > sizeWord
                && talk.readNumber(sizeWord)
                && talk.bench().digits.value() >= 0) {
            talk.swallow(talk.bench().digits.value() + 2);
        }
        return talk.reply(NOT_PERMITTED);
    }

    /** Where the keys of a line are. */
    enum Keys {
        NONE,
        ONE,
        MANY,
        /** Behind the first argument. */
        MANY_BEHIND_TIME,
        /** One, in base64 if a flag says so. */
        META,
        /** The same, with a size before the flags. */
        META_WITH_SIZE,
        /** One, in base64 if the second argument says so. */
        META_DEBUG;

        private static final byte[] ENCODED = Ascii.bytes("b");

        boolean areMany() {
            return this == MANY || this == MANY_BEHIND_TIME;
        }

        boolean isMeta() {
            return this == META || this == META_WITH_SIZE || this == META_DEBUG;
        }

        boolean isEncoded(TextLine line) {
            if (this == META_DEBUG) {
                return line.is(2, ENCODED);
            }
            if (!isMeta()) {
                return false;
            }
            for (int word = this == META ? 2 : 3; word < line.count(); word++) {
                if (line.in().getByte(line.offset(word)) == 'b') {
                    return true;
                }
            }
            return false;
        }
    }
}
