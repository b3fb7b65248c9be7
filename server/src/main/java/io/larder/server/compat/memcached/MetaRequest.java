package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.Digits;
import io.larder.server.store.Mutation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One meta command taken apart: its key, and its flags, each a letter and perhaps a token. Every
 * command takes every flag, and leaves aside those that say nothing to it. Used for one after
 * another.
 */
final class MetaRequest {
    private static final byte[] INVALID = Ascii.bytes("CLIENT_ERROR invalid flag\r\n");
    private static final byte[] DUPLICATE = Ascii.bytes("CLIENT_ERROR duplicate flag\r\n");
    private static final byte[] BAD_TOKEN =
            Ascii.bytes("CLIENT_ERROR bad token in command line format\r\n");
    private static final byte[] BAD_INITIAL =
            Ascii.bytes("CLIENT_ERROR invalid numeric initial value\r\n");
    private static final byte[] BAD_DELTA =
            Ascii.bytes("CLIENT_ERROR invalid numeric delta value\r\n");
    private static final byte[] BAD_KEY = Ascii.bytes("CLIENT_ERROR error decoding key\r\n");
    private static final byte[] BAD_MODE =
            Ascii.bytes("CLIENT_ERROR incorrect length for M token\r\n");
    private static final byte[] BAD_FLAGS =
            Ascii.bytes("CLIENT_ERROR invalid or duplicate flag\r\n");
    private static final byte[] BAD_OPAQUE = Ascii.bytes("CLIENT_ERROR opaque token too long\r\n");

    private static final String FLAGS = "bcfhklqstuvCDEFIJLMNOPRT";
    private static final int LETTERS = 127;
    private static final int ABSENT = -1;
    private static final int WORDS_MAX = 19;
    private static final int OPAQUE_BYTES_MAX = 32;
    private static final int BASE64_GROUP = 4;

    private final int[] words = new int[LETTERS];
    private final Digits digits = new Digits();
    private TextLine line = new TextLine();
    private int first;
    private @Nullable ByteBuf decodedKey;
    private long touchSeconds;
    private long leaseSeconds;
    private long refreshSeconds;
    private int clientFlags;
    private long expectedVersion;
    private long newVersion;
    private long initial;
    private long delta;

    /**
     * Takes the words of a line from one on, and the key, its second.
     *
     * @return what is wrong with them, a whole line; null if nothing is
     */
    byte @Nullable [] wrap(TextLine newLine, int firstFlag) {
        line = newLine;
        first = firstFlag;
        decodedKey = null;
        newVersion = Mutation.NO_CALLER_VERSION;
        initial = 0;
        delta = 1;
        clientFlags = 0;
        Arrays.fill(words, ABSENT);
        byte[] wrong = null;
        for (int word = firstFlag; word < line.count(); word++) {
            int letter = line.in().getByte(line.offset(word));
            if (letter < 0 || letter >= LETTERS || words[letter] != ABSENT) {
                return DUPLICATE; // memcached's word for what is no letter, too
            }
            if (FLAGS.indexOf(letter) < 0) {
                return INVALID;
            }
            words[letter] = word;
            byte[] wrongToken = take((char) letter, word);
            wrong = worse(wrong, wrongToken);
        }
        return wrong;
    }

    /** The last thing that is wrong is told, but rather any other than these two. */
    private static byte @Nullable [] worse(byte @Nullable [] before, byte @Nullable [] now) {
        if (now == null || now == BAD_OPAQUE) {
            return before == null ? now : before;
        }
        boolean isKept = now == TextConversation.BAD_FORMAT && before != BAD_OPAQUE;
        return isKept && before != null ? before : now;
    }

    /** What commands say that do not tell one wrong flag from another. */
    static byte[] anyOf(byte[] wrong) {
        return wrong == BAD_OPAQUE ? wrong : BAD_FLAGS;
    }

    /** Whether there are more flags than a command may have. */
    static boolean isTooLong(TextLine line) {
        return line.count() > WORDS_MAX;
    }

    private byte @Nullable [] take(char flag, int word) {
        switch (flag) {
            case 'b' -> {
                return decodeKey() ? null : BAD_KEY;
            }
            case 'O' -> {
                return line.length(word) > OPAQUE_BYTES_MAX ? BAD_OPAQUE : null;
            }
            case 'M' -> {
                return line.length(word) != 2 ? BAD_MODE : null;
            }
            case 'T', 'N', 'R' -> {
                if (!digits.readSignedLoosely(line.in(), tokenOffset(word), tokenBytes(word))) {
                    return BAD_TOKEN;
                }
            }
            case 'C', 'D', 'E', 'F', 'J' -> {
                if (!digits.readUnsignedLoosely(line.in(), tokenOffset(word), tokenBytes(word))) {
                    return switch (flag) {
                        case 'F' -> TextConversation.BAD_FORMAT;
                        case 'J' -> BAD_INITIAL;
                        case 'D' -> BAD_DELTA;
                        default -> BAD_TOKEN;
                    };
                }
            }
            default -> {
                return null;
            }
        }
        return keep(flag, digits.value());
    }

    private byte @Nullable [] keep(char flag, long number) {
        switch (flag) {
            case 'T' -> touchSeconds = number;
            case 'N' -> leaseSeconds = number;
            case 'R' -> refreshSeconds = number;
            case 'C' -> expectedVersion = number;
            case 'D' -> delta = number;
            case 'E' -> newVersion = number;
            case 'J' -> initial = number;
            default -> {
                clientFlags = (int) number;
                return number >>> Integer.SIZE == 0 ? null : TextConversation.BAD_FORMAT;
            }
        }
        return null;
    }

    private int tokenOffset(int word) {
        return line.offset(word) + 1;
    }

    private int tokenBytes(int word) {
        return line.length(word) - 1;
    }

    /** The key comes in base64: four characters for three bytes, to the last. */
    private boolean decodeKey() {
        String text = line.text(1);
        if (text.length() % BASE64_GROUP != 0) {
            return false;
        }
        try {
            byte[] key = Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
            decodedKey = Unpooled.wrappedBuffer(key);
            return key.length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A mutation with all its defaults and the key. */
    Mutation take(Bench bench) {
        ByteBuf decoded = decodedKey;
        if (decoded == null) {
            return bench.row.take(line.in(), line.offset(1), line.length(1));
        }
        bench.row.clear(); // knows keys by where they lie in the input
        return bench.row.take(decoded, 0, decoded.capacity());
    }

    boolean has(char letter) {
        return words[letter] != ABSENT;
    }

    /** T: seconds from now, or Unix time, as memcached has them. */
    long touchSeconds() {
        return touchSeconds;
    }

    /** N: for how many seconds somebody may load what is not there. */
    long leaseSeconds() {
        return leaseSeconds;
    }

    /** R: how many seconds before its end an item is to be loaded anew. */
    long refreshSeconds() {
        return refreshSeconds;
    }

    /** F: 0 if it was not given. */
    int clientFlags() {
        return clientFlags;
    }

    /** C: the token of a lease, or the version that the item has to have. */
    long expectedVersion() {
        return expectedVersion;
    }

    /** E: the version that the caller gives the item; none if it was not given. */
    long newVersion() {
        return newVersion;
    }

    /** J: what a number begins with. */
    long initial() {
        return initial;
    }

    /** D: what is added to a number; 1 if it was not given. */
    long delta() {
        return delta;
    }

    /** M: the letter after it. */
    char mode(char ifAbsent) {
        return has('M') ? (char) line.in().getByte(tokenOffset(words['M'])) : ifAbsent;
    }

    /** How many flags there are. */
    int count() {
        return line.count() - first;
    }

    /** The letter of a flag by its place in the line. */
    char at(int index) {
        return (char) line.in().getByte(line.offset(first + index));
    }

    /** Appends a flag if it is one that is only repeated: the opaque token, and the key. */
    void repeat(ByteBuf out, char flag) {
        if (flag == 'O') {
            int word = words[flag];
            out.writeByte(' ').writeBytes(line.in(), line.offset(word), line.length(word));
        } else if (flag == 'k') {
            out.writeByte(' ').writeByte('k');
            out.writeBytes(line.in(), line.offset(1), line.length(1));
            if (decodedKey != null) {
                out.writeByte(' ').writeByte('b');
            }
        }
    }

    /** Appends a code and all that is only repeated, as a line. */
    void answer(ByteBuf out, byte[] code) {
        out.writeBytes(code);
        for (int i = 0; i < count(); i++) {
            repeat(out, at(i));
        }
        out.writeBytes(TextConversation.CRLF);
    }

    /** Appends a flag with a number. */
    static void append(ByteBuf out, char flag, long number) {
        out.writeByte(' ').writeByte(flag);
        Ascii.append(out, number);
    }

    /** Appends a flag with an unsigned number. */
    static void appendUnsigned(ByteBuf out, char flag, long number) {
        out.writeByte(' ').writeByte(flag);
        Ascii.appendUnsigned(out, number);
    }
}
