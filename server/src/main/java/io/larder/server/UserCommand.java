package io.larder.server;

import io.larder.server.auth.NewUser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder user}: a line of a users file, which knows a secret without holding it. */
@Command(
        name = "user",
        description =
                "Prints a line for the file that auth.users names. Without --password-file the user"
                        + " gets a token, which is printed on standard error and nowhere kept.")
final class UserCommand implements Callable<Integer> {
    private static final int EXIT_CANNOT = 2;

    @Parameters(paramLabel = "NAME", description = "The user's name")
    private String name = "";

    @Option(
            names = "--roles",
            paramLabel = "ROLE[,ROLE]",
            required = true,
            description = "What the user may do, as roles of the file")
    private String roles = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file whose first line is the user's password")
    private @Nullable Path passwordFile;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Override
    public Integer call() {
        try {
            if (passwordFile == null) {
                NewUser.Token made = NewUser.token();
                System.err.println("token: " + made.token());
                System.out.println(NewUser.line(name, roles, made.word()));
            } else {
                System.out.println(
                        NewUser.line(name, roles, NewUser.password(firstLine(passwordFile))));
            }
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("larder: " + e.getMessage());
            return EXIT_CANNOT;
        }
    }

    private static String firstLine(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            if (line == null || line.isEmpty()) {
                throw new IOException(file + ": empty (expected: a password in its first line)");
            }
            return line;
        }
    }
}
