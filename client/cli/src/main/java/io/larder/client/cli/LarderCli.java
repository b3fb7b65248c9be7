package io.larder.client.cli;

import static io.larder.client.cli.Operation.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.larder.client.Larder;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.PutOptions;
import io.larder.client.api.ScanPage;
import io.larder.protocol.text.QuotedText;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The program {@code larder cli}. Exit codes: 0 for a hit or something done, 1 for a miss, 2 for an
 * error, which is one line {@code ERROR <code> <text>}, on standard error; with {@code --pipe} it
 * is the line's answer, and the exit code is 2 if there was any, else 0.
 */
@Command(
        name = "larder cli",
        description =
                "Asks a Larder server. Without a command it reads them from the terminal. Exit code:"
                        + " 0 hit or done, 1 miss, 2 error.",
        footer = {
            "",
            "With --pipe each line of standard input is one of these commands (not scan, not stats)"
                    + " and is answered by one line, in order: a value, a number, OK, nothing on a"
                    + " miss, or ERROR <code> <text>. The exit code is 2 if there was an ERROR.",
            "",
            "Words in a line are separated by spaces. One with spaces or other bytes is written"
                    + " \"in quotes\", with \\\" \\\\ \\n \\r \\t \\xHH. A value is answered in quotes"
                    + " if it is empty, begins with a quote, could be mistaken for END, OK or ERROR,"
                    + " or is not plain text. Operations of one key are carried out in their order."
        })
public final class LarderCli {
    static final int EXIT_HIT = 0;
    static final int EXIT_MISS = 1;
    static final int EXIT_ERROR = 2;

    private static final String DEFAULT_SERVER = "127.0.0.1:7170";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final InputStream input;
    private final OutputStream output;
    private final PrintWriter errors;
    private final Terminals terminals;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The server, by default " + DEFAULT_SERVER)
    private String server = DEFAULT_SERVER;

    @Mixin private Access access = new Access();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this text")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Option(names = "--pipe", description = "Take commands from standard input, one per line")
    private boolean pipe;

    @ArgGroup private @Nullable Mode mode;

    @Mixin private Repetition repetition = new Repetition();

    @Option(
            names = "--prefix",
            paramLabel = "P",
            defaultValue = "",
            description = "What keys begin with, for --scan and --bigkeys")
    private String prefix = "";

    /** One of the things to do that are no operations; picocli fills it in. */
    static final class Mode {
        @Option(names = "--stat", description = "A line a second of what the server does")
        private boolean stat;

        @Option(names = "--latency", description = "How long a ping takes there and back")
        private boolean latency;

        @Option(
                names = "--bigkeys",
                description = "The longest values; reads every one, which counts as a read")
        private boolean bigKeys;

        @Option(names = "--scan", description = "Prints keys, as the command scan")
        @SuppressWarnings("unused") // what it is when it is none of the others
        private boolean scan;
    }

    /**
     * @param terminals for lines typed by a person
     */
    LarderCli(InputStream input, OutputStream output, PrintWriter errors, Terminals terminals) {
        this.input = input;
        this.output = output;
        this.errors = errors;
        this.terminals = terminals;
    }

    /** Runs and ends the JVM with the exit code. */
    public static void main(String[] arguments) {
        PrintWriter errors = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        int exitCode =
                new LarderCli(
                                new FileInputStream(FileDescriptor.in),
                                new FileOutputStream(FileDescriptor.out),
                                errors,
                                Terminals.SYSTEM)
                        .execute(arguments);
        errors.flush();
        System.exit(exitCode);
    }

    /** Runs and returns the exit code. */
    int execute(String... arguments) {
        PrintWriter texts = new PrintWriter(output, true, UTF_8);
        return new CommandLine(this)
                .setOut(texts)
                .setErr(errors)
                .setExpandAtFiles(false)
                .setUnmatchedOptionsArePositionalParams(true) // incr KEY -1, set KEY -x
                .setParameterExceptionHandler(this::onWrongUse)
                .setExecutionExceptionHandler((problem, command, parsed) -> fail(problem))
                .setExecutionStrategy(this::runCommand)
                .execute(arguments);
    }

    private int onWrongUse(CommandLine.ParameterException problem, String[] arguments) {
        errors.println("ERROR wrong-arguments " + problem.getMessage() + " (try --help)");
        return EXIT_ERROR;
    }

    private int fail(Throwable problem) {
        errors.println(ErrorLine.of(problem));
        return EXIT_ERROR;
    }

    private int runCommand(CommandLine.ParseResult parsed) {
        if (parsed.isUsageHelpRequested()) {
            return new CommandLine.RunLast().execute(parsed);
        }
        if ((pipe || mode != null) && parsed.hasSubcommand()) {
            throw wrongUse(parsed, (pipe ? "--pipe" : "a mode") + " and a command");
        }
        if (pipe && mode != null) {
            throw wrongUse(parsed, "--pipe and a mode");
        }
        if (parsed.hasSubcommand()) {
            return new CommandLine.RunLast().execute(parsed);
        }
        return run(pipe ? this::runPipe : mode != null ? this::runMode : this::runInteractive);
    }

    private static CommandLine.ParameterException wrongUse(
            CommandLine.ParseResult parsed, String input) {
        CommandLine commandLine = parsed.commandSpec().commandLine();
        return new CommandLine.ParameterException(
                commandLine,
                input
                        + " (expected: one of "
                        + String.join(", ", commandLine.getSubcommands().keySet())
                        + ", or --pipe, or a mode)");
    }

    @Command(description = "Stores a value.")
    int set(
            @Parameters(paramLabel = "KEY") String key,
            @Parameters(paramLabel = "VALUE") String value,
            @Option(names = "--ttl", paramLabel = "MILLIS", description = "Time to live")
                    @Nullable String ttl)
            throws IOException {
        return run(
                ttl == null
                        ? Operation.set(bytes(key), bytes(value), PutOptions.DEFAULT)
                        : Operation.set(bytes(key), bytes(value), ttl));
    }

    @Command(description = "Prints a value.")
    int get(@Parameters(paramLabel = "KEY") String key) throws IOException {
        return run(Operation.get(bytes(key)));
    }

    @Command(description = "Adds to a counter and prints it; an absent one starts at 0.")
    int incr(
            @Parameters(paramLabel = "KEY") String key,
            @Parameters(paramLabel = "DELTA", arity = "0..1", defaultValue = "1") String delta)
            throws IOException {
        return run(Operation.increment(bytes(key), delta));
    }

    @Command(description = "Removes a key.")
    int delete(@Parameters(paramLabel = "KEY") String key) throws IOException {
        return run(Operation.delete(bytes(key)));
    }

    @Command(description = "Gives a key a new time to live.")
    int touch(
            @Parameters(paramLabel = "KEY") String key,
            @Parameters(paramLabel = "MILLIS") String millis)
            throws IOException {
        return run(Operation.touch(bytes(key), millis));
    }

    @Command(description = "Prints keys, a line each, in quotes unless plain text.")
    int scan(
            @Option(
                            names = "--prefix",
                            paramLabel = "P",
                            defaultValue = "",
                            description = "What the keys begin with")
                    String prefix)
            throws IOException {
        try (Larder larder = connect()) {
            printKeys(larder, prefix);
            return EXIT_HIT;
        }
    }

    private void printKeys(Larder larder, String prefix) throws IOException {
        ScanPage page = new ScanPage(List.of(), ScanPage.START);
        do {
            page = larder.cache().scan(bytes(prefix), page.nextCursor(), 0);
            for (byte[] key : page.keys()) {
                printLine(QuotedText.answer(key).getBytes(UTF_8));
            }
        } while (!page.isLast());
    }

    @Command(description = "Prints the server's figures.")
    int stats() throws IOException {
        try (Larder larder = connect()) {
            for (Map.Entry<String, String> figure : larder.stats().entrySet()) {
                printLine(bytes(figure.getKey() + ' ' + figure.getValue()));
            }
            return EXIT_HIT;
        }
    }

    @Command(description = "Asks whether the server answers.")
    int ping() throws IOException {
        return run(Operation.ping());
    }

    private int run(Operation operation) throws IOException {
        try (Larder larder = connect()) {
            Answer answer = operation.start(larder).join();
            if (answer.isMiss()) {
                return EXIT_MISS;
            }
            printLine(answer.plain());
            return EXIT_HIT;
        }
    }

    /** Something that talks to a server for a while and comes to an exit code. */
    private interface Conversation {
        int hold(Larder larder) throws IOException, InterruptedException;
    }

    private int run(Conversation conversation) {
        try (Larder larder = connect()) {
            return conversation.hold(larder);
        } catch (IOException e) {
            return fail(new InputException("broken-pipe", String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(e);
        } catch (LarderException | InputException e) {
            return fail(e);
        }
    }

    private int runPipe(Larder larder) throws IOException, InterruptedException {
        return new Pipe(larder, input, output).run() ? EXIT_HIT : EXIT_ERROR;
    }

    private int runMode(Larder larder) throws IOException, InterruptedException {
        Mode chosen = requireNonNull(mode);
        PrintWriter texts = new PrintWriter(output, false, UTF_8);
        if (chosen.stat) {
            StatMode.run(larder, repetition, texts);
        } else if (chosen.latency) {
            LatencyMode.run(larder, repetition, texts);
        } else if (chosen.bigKeys) {
            new BigKeysMode(larder, texts).run(bytes(prefix));
        } else {
            printKeys(larder, prefix);
        }
        return EXIT_HIT;
    }

    private int runInteractive(Larder larder) throws IOException {
        try (Terminal terminal = terminals.open(input, output)) {
            new Interactive(larder, terminal, Terminals.home(), server).run();
        }
        return EXIT_HIT;
    }

    private Larder connect() {
        try {
            return access.builder(server)
                    .requestTimeout(TIMEOUT)
                    .whenDisconnected(WhenDisconnected.FAIL_FAST)
                    .clientName("larder-cli")
                    .connect();
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "bad-argument", "--server: " + server + " (expected: HOST:PORT)");
        }
    }

    private void printLine(byte[] bytes) throws IOException {
        byte[] line = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, line, 0, bytes.length);
        line[bytes.length] = '\n';
        output.write(line);
    }
}
