package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A pattern as the keys of SCAN are matched with: {@code *}, {@code ?}, {@code [a-c]}, {@code
 * [^a]}, and a backslash before what is meant as it stands. Immutable.
 */
final class GlobPattern {
    private final byte[] pattern;

    /**
     * @param pattern one character for each byte
     */
    GlobPattern(String pattern) {
        this.pattern = pattern.getBytes(ISO_8859_1);
    }

    /** What everything begins with that matches a pattern. */
    static String literal(String pattern) {
        int end = 0;
        while (end < pattern.length() && "*?[\\".indexOf(pattern.charAt(end)) < 0) {
            end++;
        }
        return pattern.substring(0, end);
    }

    /**
     * Whether all of a text matches. Goes back to the last star only: time is at most the product
     * of both lengths.
     */
    boolean matches(byte[] text) {
        int at = 0;
        int in = 0;
        int starAt = -1;
        int starIn = 0;
        while (in < text.length) {
            if (at < pattern.length && pattern[at] == '*') {
                starAt = ++at;
                starIn = in;
            } else if (at < pattern.length && matchesOne(at, text[in])) {
                at = after(at);
                in++;
            } else if (starAt >= 0) {
                at = starAt;
                in = ++starIn;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at == pattern.length;
    }

    private boolean matchesOne(int at, byte character) {
        return switch (pattern[at]) {
            case '?' -> true;
            case '[' -> isInSet(at + 1, character);
            case '\\' -> pattern[Math.min(at + 1, pattern.length - 1)] == character;
            default -> pattern[at] == character;
        };
    }

    private int after(int at) {
        if (pattern[at] == '\\') {
            return Math.min(at + 2, pattern.length);
        }
        if (pattern[at] != '[') {
            return at + 1;
        }
        int end = at + 1;
        while (end < pattern.length && pattern[end] != ']') {
            end += pattern[end] == '\\' ? 2 : 1;
        }
        return Math.min(end + 1, pattern.length);
    }

    private boolean isInSet(int from, byte character) {
        int at = from;
        boolean isNot = at < pattern.length && pattern[at] == '^';
        if (isNot) {
            at++;
        }
        boolean isIn = false;
        while (at < pattern.length && pattern[at] != ']') {
            if (pattern[at] == '\\' && at + 1 < pattern.length) {
                at++;
            }
            int low = pattern[at] & 0xFF;
            int high = low;
            if (at + 2 < pattern.length && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
                high = pattern[at + 2] & 0xFF;
                at += 2;
            }
            int value = character & 0xFF;
            isIn |= value >= Math.min(low, high) && value <= Math.max(low, high);
            at++;
        }
        return isIn != isNot;
    }
}
