package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.PutOptions;
import io.larder.protocol.text.QuotedText;
import java.util.List;

/**
 * The lines that {@code --pipe} understands: the commands of the command line, their words as in
 * {@link QuotedText}.
 */
final class PipeLanguage {
    private static final String EXPECTED =
            " (expected: set KEY VALUE [--ttl MILLIS], get KEY, incr KEY [DELTA], delete KEY,"
                    + " touch KEY MILLIS or ping)";
    private static final int ECHO_LENGTH = 64;

    private PipeLanguage() {}

    /**
     * The operation that a line, given without its end, asks for.
     *
     * @throws InputException if it asks for none
     */
    static Operation parse(byte[] line) {
        List<byte[]> words;
        try {
            words = QuotedText.words(line);
        } catch (IllegalArgumentException e) {
            throw new InputException("bad-quoting", echo(line) + ": " + e.getMessage());
        }
        if (words.isEmpty()) {
            throw new InputException("empty-line", "nothing to do" + EXPECTED);
        }
        String command = text(words.get(0));
        List<byte[]> arguments = words.subList(1, words.size());
        return switch (command) {
            case "set" -> set(arguments);
            case "get" -> Operation.get(required("get KEY", arguments, 1).get(0));
            case "incr" -> increment(arguments);
            case "delete" -> Operation.delete(required("delete KEY", arguments, 1).get(0));
            case "touch" -> touch(required("touch KEY MILLIS", arguments, 2));
            case "ping" -> {
                required("ping", arguments, 0);
                yield Operation.ping();
            }
            case "scan", "stats" ->
                    throw new InputException(
                            "not-in-pipe",
                            command + " (expected: one answer line; use cli " + command + ")");
            default -> throw new InputException("unknown-command", echo(words.get(0)) + EXPECTED);
        };
    }

    /** {@code --ttl} may stand before, between or behind the others, as on the command line. */
    private static Operation set(List<byte[]> arguments) {
        String usage = "set KEY VALUE [--ttl MILLIS]";
        if (arguments.size() == 2) {
            return Operation.set(arguments.get(0), arguments.get(1), PutOptions.DEFAULT);
        }
        required(usage, arguments, 4);
        for (int i : new int[] {2, 0, 1}) {
            if (text(arguments.get(i)).equals("--ttl")) {
                return Operation.set(
                        arguments.get(i == 0 ? 2 : 0),
                        arguments.get(i == 2 ? 1 : 3),
                        text(arguments.get(i + 1)));
            }
        }
        throw wrongArguments(usage, arguments.size());
    }

    private static Operation increment(List<byte[]> arguments) {
        if (arguments.size() == 1) {
            return Operation.increment(arguments.get(0), "1");
        }
        required("incr KEY [DELTA]", arguments, 2);
        return Operation.increment(arguments.get(0), text(arguments.get(1)));
    }

    private static Operation touch(List<byte[]> arguments) {
        return Operation.touch(arguments.get(0), text(arguments.get(1)));
    }

    private static List<byte[]> required(String usage, List<byte[]> arguments, int count) {
        if (arguments.size() != count) {
            throw wrongArguments(usage, arguments.size());
        }
        return arguments;
    }

    private static InputException wrongArguments(String usage, int count) {
        return new InputException(
                "wrong-arguments", count + " arguments (expected: " + usage + ")");
    }

    private static String text(byte[] word) {
        return new String(word, UTF_8);
    }

    private static String echo(byte[] input) {
        String text = text(input);
        return text.length() <= ECHO_LENGTH ? text : text.substring(0, ECHO_LENGTH) + '…';
    }
}
