package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The program {@code larder top}: what a server does, over and over again, on the whole screen; on
 * what is no screen, a line each time. Exit codes: 0, or 2 if the server cannot be asked.
 */
@Command(
        name = "larder top",
        description = "Shows what a server does until q is pressed; without a screen, as lines.")
public final class TopCli implements Callable<Integer> {
    /** The first picture is of a short time, so that there is one soon. */
    private static final long FIRST_MILLIS = 200;

    private final InputStream input;
    private final OutputStream output;
    private final PrintWriter errors;
    private final Terminals terminals;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The admin listener, by default ${DEFAULT-VALUE}")
    private String server = AdminConnection.DEFAULT_SERVER;

    @Mixin private Access access = new Access();

    @Mixin private Repetition repetition = new Repetition();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    TopCli(InputStream input, OutputStream output, PrintWriter errors, Terminals terminals) {
        this.input = input;
        this.output = output;
        this.errors = errors;
        this.terminals = terminals;
    }

    /** Runs and ends the JVM with the exit code. */
    public static void main(String[] arguments) {
        PrintWriter errors = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        TopCli top =
                new TopCli(
                        new FileInputStream(FileDescriptor.in),
                        new FileOutputStream(FileDescriptor.out),
                        errors,
                        Terminals.SYSTEM);
        System.exit(top.execute(arguments));
    }

    /** Runs and returns the exit code. */
    int execute(String... arguments) {
        return new CommandLine(this)
                .setOut(new PrintWriter(output, true, UTF_8))
                .setErr(errors)
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
    public Integer call() throws InterruptedException {
        try (AdminConnection admin = AdminConnection.open(server, access)) {
            TopSample first = TopSample.take(admin);
            try (Terminal terminal = terminals.open(input, output)) {
                if (Interactive.isDumb(terminal)) {
                    print(admin, first, terminal.writer());
                } else {
                    draw(admin, first, terminal);
                }
            }
            return LarderCli.EXIT_HIT;
        } catch (IOException e) {
            errors.println("ERROR connection-lost " + e.getMessage());
        } catch (InputException e) {
            errors.println(ErrorLine.of(e));
        }
        return LarderCli.EXIT_ERROR;
    }

    private void print(AdminConnection admin, TopSample first, PrintWriter lines)
            throws IOException, InterruptedException {
        TopSample before = first;
        while (repetition.next()) {
            repetition.pause();
            TopSample now = TopSample.take(admin);
            lines.println(TopView.line(before, now));
            lines.flush();
            before = now;
        }
    }

    private void draw(AdminConnection admin, TopSample first, Terminal terminal)
            throws IOException {
        try (TopScreen screen = new TopScreen(terminal)) {
            TopSample before = first;
            boolean quits = screen.awaitQuit(Math.min(FIRST_MILLIS, repetition.intervalMillis()));
            while (!quits && repetition.next()) {
                TopSample now = TopSample.take(admin);
                screen.draw(TopView.screen(server, before, now, screen.rows(), screen.columns()));
                before = now;
                quits = screen.awaitQuit(repetition.intervalMillis());
            }
        }
    }
}
