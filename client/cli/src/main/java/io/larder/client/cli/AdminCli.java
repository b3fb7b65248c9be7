package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.text.QuotedText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The program {@code larder admin}: one line to the telnet admin, its answer to standard output.
 * Exit codes: 0 for an answer, 2 for an {@code ERROR}, on standard error where it is this program's
 * own.
 */
@Command(
        name = "larder admin",
        description =
                "Sends one line to a server's admin and prints the answer: larder admin stats. Exit"
                        + " code: 0, or 2 for an ERROR. larder admin help lists what there is.")
public final class AdminCli implements Callable<Integer> {
    private final PrintWriter output;
    private final PrintWriter errors;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The admin listener, by default ${DEFAULT-VALUE}")
    private String server = AdminConnection.DEFAULT_SERVER;

    @Mixin private Access access = new Access();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Parameters(
            paramLabel = "WORD",
            arity = "1..*",
            description = "The command and its arguments, or all of them as one argument")
    private List<String> words = new ArrayList<>();

    AdminCli(PrintWriter output, PrintWriter errors) {
        this.output = output;
        this.errors = errors;
    }

    /** Runs and ends the JVM with the exit code. */
    public static void main(String[] arguments) {
        PrintWriter output = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        PrintWriter errors = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        System.exit(new AdminCli(output, errors).execute(arguments));
    }

    /** Runs and returns the exit code. */
    int execute(String... arguments) {
        return new CommandLine(this)
                .setOut(output)
                .setErr(errors)
                .setExpandAtFiles(false)
                .setStopAtPositional(true)
                .setParameterExceptionHandler(
                        (problem, given) -> {
                            errors.println(
                                    "ERROR wrong-arguments "
                                            + problem.getMessage()
                                            + " (try --help)");
                            return LarderCli.EXIT_ERROR;
                        })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        try (AdminConnection admin = AdminConnection.open(server, access)) {
            return admin.ask(line(words), output::println)
                    ? LarderCli.EXIT_HIT
                    : LarderCli.EXIT_ERROR;
        } catch (IOException e) {
            errors.println("ERROR connection-lost " + e.getMessage());
        } catch (InputException e) {
            errors.println(ErrorLine.of(e));
        }
        return LarderCli.EXIT_ERROR;
    }

    /** One argument is a line as it stands; several are its words, quoted where they must be. */
    static String line(List<String> words) {
        String line =
                words.size() == 1
                        ? words.get(0)
                        : words.stream().map(AdminCli::word).collect(Collectors.joining(" "));
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new InputException("control-character", "in the line (expected: one line)");
        }
        return line;
    }

    private static String word(String word) {
        boolean isPlain =
                !word.isEmpty()
                        && word.charAt(0) != '"'
                        && word.codePoints().noneMatch(c -> c <= ' ' || c == 0x7F);
        return isPlain ? word : QuotedText.quote(word.getBytes(UTF_8));
    }
}
