package io.larder.server.compat.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The arguments of a command, read from a line as people write it: {@code key value [NX|XX] [EX
 * seconds|KEEPTTL]}. Words in capitals are meant as they stand, others are values of that name;
 * brackets hold what may be left out, braces what belongs together, {@code ...} follows what may
 * come again. Immutable; any thread.
 */
final class Syntax {
    /**
     * One argument.
     *
     * @param name of a value, or of the word in lower case
     * @param type as COMMAND DOCS names it
     * @param token the word that stands before it, or that it is; empty for none
     * @param parts of a choice or a group
     */
    record Argument(
            String name,
            String type,
            String token,
            boolean isOptional,
            boolean isMultiple,
            List<Argument> parts) {
        private static Argument value(String name, String token) {
            String type =
                    switch (name) {
                        case "key" -> "key";
                        case "pattern" -> "pattern";
                        case "increment-by-float" -> "double";
                        default -> typeOfNumber(name);
                    };
            return new Argument(name, type, token, false, false, List.of());
        }

        private static String typeOfNumber(String name) {
            if (name.startsWith("unix-time")) {
                return "unix-time";
            }
            return INTEGERS.contains(name) ? "integer" : "string";
        }

        private static Argument word(String token) {
            String name = token.toLowerCase(Locale.ROOT);
            return new Argument(name, "pure-token", token, false, false, List.of());
        }

        private Argument with(boolean newIsOptional, boolean newIsMultiple) {
            return new Argument(name, type, token, newIsOptional, newIsMultiple, parts);
        }
    }

    private static final List<String> INTEGERS =
            List.of(
                    "seconds",
                    "milliseconds",
                    "count",
                    "cursor",
                    "start",
                    "end",
                    "offset",
                    "increment",
                    "decrement",
                    "index",
                    "protover",
                    "client-id",
                    "timeout");

    private final String[] words;
    private int at;

    private Syntax(String line) {
        String spaced = line.replaceAll("(\\[|\\]|\\{|\\}|\\||\\.\\.\\.)", " $1 ").trim();
        words = spaced.isEmpty() ? new String[0] : spaced.split(" +");
    }

    /** The arguments that a line says, which is one of ours. */
    static List<Argument> read(String line) {
        return new Syntax(line).sequence();
    }

    private List<Argument> sequence() {
        List<Argument> arguments = new ArrayList<>();
        while (at < words.length && "]}|".indexOf(words[at]) < 0) {
            arguments.add(one());
        }
        return List.copyOf(arguments);
    }

    private Argument one() {
        String word = words[at++];
        Argument read =
                switch (word) {
                    case "[" -> choice().with(true, false);
                    case "{" -> choice();
                    default -> isToken(word) ? token(word) : Argument.value(word, "");
                };
        boolean isMultiple = at < words.length && words[at].equals("...");
        if (isMultiple) {
            at++;
        }
        return read.with(read.isOptional(), isMultiple);
    }

    private static boolean isToken(String word) {
        return word.equals(word.toUpperCase(Locale.ROOT));
    }

    /** A word that stands for itself, or belongs to the value behind it. */
    private Argument token(String word) {
        boolean hasValue =
                at < words.length && "[]{}|...".indexOf(words[at]) < 0 && !isToken(words[at]);
        return hasValue ? Argument.value(words[at++], word) : Argument.word(word);
    }

    /** What is between two brackets: one thing, several together, or one of several. */
    private Argument choice() {
        List<Argument> choices = new ArrayList<>();
        choices.add(group(sequence()));
        while (words[at].equals("|")) {
            at++;
            choices.add(group(sequence()));
        }
        at++; // what closes it
        return choices.size() == 1
                ? choices.get(0)
                : new Argument("choice", "oneof", "", false, false, List.copyOf(choices));
    }

    private static Argument group(List<Argument> arguments) {
        return arguments.size() == 1
                ? arguments.get(0)
                : new Argument("data", "block", "", false, false, arguments);
    }
}
