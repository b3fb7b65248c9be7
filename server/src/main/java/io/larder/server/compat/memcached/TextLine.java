package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The words of one line, as places in the input. Used for one line after another. */
final class TextLine {
    /** Words that are told apart; those behind can be gone through by {@link #nextWord}. */
    static final int WORDS_MAX = 24;

    private final int[] offsets = new int[WORDS_MAX];
    private final int[] lengths = new int[WORDS_MAX];
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int start;
    private int end;
    private int next;
    private int count;

    /**
     * @param newEnd where the line's end begins
     * @param newNext behind the line's end
     */
    void wrap(ByteBuf newIn, int newStart, int newEnd, int newNext) {
        in = newIn;
        start = newStart;
        end = newEnd;
        next = newNext;
        count = 0;
        int at = nextWord(newStart);
        while (at < newEnd && count < WORDS_MAX) {
            int length = wordLength(at);
            offsets[count] = at;
            lengths[count++] = length;
            at = nextWord(at + length);
        }
    }

    /** Where the next word begins at or behind an offset; the line's end if there is none. */
    int nextWord(int from) {
        int at = from;
        while (at < end && in.getByte(at) == ' ') {
            at++;
        }
        return at;
    }

    /** Bytes of the word that begins at an offset. */
    int wordLength(int from) {
        int at = from;
        while (at < end && in.getByte(at) != ' ') {
            at++;
        }
        return at - from;
    }

    ByteBuf in() {
        return in;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Where what follows the line begins. */
    int next() {
        return next;
    }

    /** Words, at most {@link #WORDS_MAX} of them. */
    int count() {
        return count;
    }

    int offset(int word) {
        return offsets[word];
    }

    int length(int word) {
        return lengths[word];
    }

    boolean is(int word, byte[] text) {
        return word < count && Ascii.equal(in, offsets[word], lengths[word], text);
    }

    String text(int word) {
        return Ascii.text(in, offsets[word], lengths[word]);
    }
}
