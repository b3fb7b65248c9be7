package io.larder.client.spring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The {@link LibraryApplication} in a JVM of its own, which ends when it is closed. */
final class OtherProgram implements AutoCloseable {
    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private OtherProgram(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream()));
    }

    static OtherProgram start(String uri) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process =
                new ProcessBuilder(
                                java,
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LibraryApplication.class.getName(),
                                uri)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        return new OtherProgram(process);
    }

    /** The next answer. */
    String answer() {
        try {
            for (String line; (line = answers.readLine()) != null; ) {
                if (line.startsWith("! ")) {
                    return line.substring(2);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("the other program has ended");
    }

    String run(String command) {
        commands.println(command);
        return answer();
    }

    CompletableFuture<String> begin(String command) {
        return CompletableFuture.supplyAsync(() -> run(command));
    }

    @Override
    public void close() {
        commands.close();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
