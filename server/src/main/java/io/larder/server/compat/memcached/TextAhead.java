package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.Digits;
import io.larder.server.compat.KeyRow;
import io.netty.buffer.ByteBuf;

/** Finds the keys of lines that follow each other in the input. One event loop. */
/*
 * What it finds is a hint only: a line that it takes for something else than it is costs a lookup in
 * vain, or one that is not prepared. It ends where it does not know how a request goes on, and where
 * keys found before would not be what they were: at flush_all, as at everything without a key.
 */
final class TextAhead {
    private static final byte[] GET = Ascii.bytes("get");
    private static final byte[] GETS = Ascii.bytes("gets");
    private static final byte[] META_SET = Ascii.bytes("ms");
    private static final byte[][] WITH_DATA = {
        Ascii.bytes("set"),
        Ascii.bytes("add"),
        Ascii.bytes("replace"),
        Ascii.bytes("cas"),
        Ascii.bytes("append"),
        Ascii.bytes("prepend")
    };
    private static final byte[][] WITH_KEY = {
        Ascii.bytes("mg"),
        Ascii.bytes("md"),
        Ascii.bytes("ma"),
        Ascii.bytes("me"),
        Ascii.bytes("delete"),
        Ascii.bytes("incr"),
        Ascii.bytes("decr"),
        Ascii.bytes("touch")
    };
    private static final int SIZE_WORD = 4;
    private static final int META_SIZE_WORD = 2;
    private static final int NOWHERE = -1;

    private final KeyRow row;
    private final TextLine line = new TextLine();
    private final Digits digits = new Digits();

    TextAhead(KeyRow row) {
        this.row = row;
    }

    /** Fills the row with keys from a line's begin on. */
    void fill(ByteBuf in, int from) {
        row.clear();
        int at = from;
        while (at != NOWHERE && at < in.writerIndex() && !row.isFull()) {
            int newline = in.indexOf(at, in.writerIndex(), (byte) '\n');
            if (newline < 0) {
                break;
            }
            int end = newline > at && in.getByte(newline - 1) == '\r' ? newline - 1 : newline;
            line.wrap(in, at, end, newline + 1);
            at = take(in);
        }
        row.load();
    }

    /** Fills it with keys of one line, from a word on. */
    void fillFromWord(TextLine words, int from) {
        row.clear();
        takeWords(words, from);
        row.load();
    }

    private int take(ByteBuf in) {
        if (line.count() < 2) {
            return NOWHERE;
        }
        if (line.is(0, GET) || line.is(0, GETS)) {
            takeWords(line, line.offset(1));
            return line.next();
        }
        if (isOneOf(WITH_KEY)) {
            add(line, line.offset(1), line.length(1));
            return line.next();
        }
        boolean isMeta = line.is(0, META_SET);
        int sizeWord = isMeta ? META_SIZE_WORD : SIZE_WORD;
        if (!(isMeta || isOneOf(WITH_DATA))
                || line.count() <= sizeWord
                || !digits.readUnsigned(in, line.offset(sizeWord), line.length(sizeWord))
                || digits.value() < 0
                || digits.value() > Memcached.ITEM_BYTES_MAX) {
            return NOWHERE;
        }
        add(line, line.offset(1), line.length(1));
        return line.next() + (int) digits.value() + 2;
    }

    private boolean isOneOf(byte[][] names) {
        for (byte[] name : names) {
            if (line.is(0, name)) {
                return true;
            }
        }
        return false;
    }

    private void takeWords(TextLine words, int from) {
        int at = words.nextWord(from);
        while (at < words.end() && !row.isFull()) {
            int length = words.wordLength(at);
            add(words, at, length);
            at = words.nextWord(at + length);
        }
    }

    private void add(TextLine words, int offset, int length) {
        if (length <= Memcached.KEY_BYTES_MAX) {
            row.add(words.in(), offset, length);
        }
    }
}
