package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.Larder;
import io.larder.client.api.ScanPage;
import io.larder.protocol.text.QuotedText;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * {@code cli} at a terminal: a line is an operation as with {@code --pipe}, with {@code scan},
 * {@code stats}, {@code help} and {@code quit} beside those; lines can be edited, completed and
 * found again. On what is no terminal it works the same, without a prompt. For one thread.
 */
final class Interactive {
    private static final String HISTORY_FILE = ".larder_history";
    private static final int HISTORY_LINES_MAX = 1_000;
    private static final int SCAN_KEYS_MAX = 1_000;

    /** What can be typed, and what it does. */
    private static final Map<String, String> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("get", "get KEY                        a value");
        COMMANDS.put("set", "set KEY VALUE [--ttl MILLIS]   stores one");
        COMMANDS.put("incr", "incr KEY [DELTA]               adds to a counter and shows it");
        COMMANDS.put("delete", "delete KEY                     removes a key");
        COMMANDS.put("touch", "touch KEY MILLIS               gives a key a new time to live");
        COMMANDS.put("scan", "scan [PREFIX]                  keys, the first " + SCAN_KEYS_MAX);
        COMMANDS.put("stats", "stats                          the server's figures");
        COMMANDS.put("ping", "ping                           whether it answers");
        COMMANDS.put("help", "help                           this");
        COMMANDS.put("quit", "quit                           the end, as Ctrl-D");
    }

    private final Larder larder;
    private final Terminal terminal;
    private final LineReader reader;
    private final String prompt;

    /**
     * @param home where the history is kept, if it can be written there
     * @param server to be shown in the prompt
     */
    Interactive(Larder larder, Terminal terminal, Optional<Path> home, String server) {
        this.larder = larder;
        this.terminal = terminal;
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(false);
        LineReaderBuilder builder =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName("larder")
                        .parser(parser)
                        .completer(Interactive::complete)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
        home.map(Interactive::historyIn)
                .ifPresent(
                        file ->
                                builder.variable(LineReader.HISTORY_FILE, file)
                                        .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES_MAX));
        reader = builder.build();
        prompt = isDumb(terminal) ? "" : "larder " + server + "> ";
    }

    static boolean isDumb(Terminal terminal) {
        return terminal.getType().startsWith(Terminal.TYPE_DUMB);
    }

    /** The file, readable by its owner alone; null if it cannot be written. */
    private static @Nullable Path historyIn(Path home) {
        Path file = home.resolve(HISTORY_FILE);
        try {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            return Files.isRegularFile(file) && Files.isWritable(file) ? file : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
        return file;
    }

    private static void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            COMMANDS.keySet().forEach(command -> candidates.add(new Candidate(command)));
        } else if (line.words().get(0).equals("set") && line.word().startsWith("-")) {
            candidates.add(new Candidate("--ttl"));
        }
    }

    /** Reads and answers lines until there are no more. Locking: blocks. */
    void run() {
        if (!isDumb(terminal)) {
            println("Tab completes, help lists the commands, Ctrl-D ends.");
        }
        while (true) {
            try {
                if (!answer(reader.readLine(prompt).strip())) {
                    return;
                }
            } catch (UserInterruptException e) {
                // Ctrl-C gives up the line
            } catch (EndOfFileException e) {
                return;
            }
        }
    }

    private boolean answer(String line) {
        try {
            switch (line) {
                case "" -> {}
                case "quit", "exit" -> {
                    return false;
                }
                case "help", "?" -> help();
                case "stats" ->
                        larder.stats().forEach((name, value) -> println(name + ' ' + value));
                default -> operate(line);
            }
        } catch (RuntimeException e) {
            println(ErrorLine.of(e));
        }
        return true;
    }

    private void help() {
        COMMANDS.values().forEach(this::println);
        println(
                "A word with spaces or other bytes is written \"in quotes\", with \\\" \\\\ \\n \\xHH.");
    }

    private void operate(String line) {
        if (line.equals("scan") || line.startsWith("scan ")) {
            scan(line.getBytes(UTF_8));
            return;
        }
        Answer answer;
        try {
            answer = PipeLanguage.parse(line.getBytes(UTF_8)).start(larder).join();
        } catch (CompletionException e) {
            println(ErrorLine.of(e));
            return;
        }
        println(answer.isMiss() ? "(miss)" : answer.line());
    }

    private void scan(byte[] line) {
        List<byte[]> words;
        try {
            words = QuotedText.words(line);
        } catch (IllegalArgumentException e) {
            throw new InputException("bad-quoting", String.valueOf(e.getMessage()));
        }
        if (words.size() > 2) {
            throw new InputException(
                    "wrong-arguments", words.size() - 1 + " arguments (expected: scan [PREFIX])");
        }
        byte[] prefix = words.size() == 2 ? words.get(1) : new byte[0];
        ScanPage page = new ScanPage(List.of(), ScanPage.START);
        int shown = 0;
        do {
            page = larder.cache().scan(prefix, page.nextCursor(), 0);
            for (byte[] key : page.keys()) {
                if (shown++ == SCAN_KEYS_MAX) {
                    println("(and more; larder cli scan shows all)");
                    return;
                }
                println(QuotedText.answer(key));
            }
        } while (!page.isLast());
    }

    private void println(String line) {
        terminal.writer().println(line);
        terminal.writer().flush();
    }
}
