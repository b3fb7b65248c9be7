package io.larder.client.junit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server in a JVM of its own, which runs {@link ServerProgram}. */
/*
 *   this JVM                                    its JVM
 *
 *   settings as arguments  ------------------>  starts
 *   reads its standard output  <--------------  READY data-port admin-port  |  SETTING why  |  FAILED why
 *   holds its standard input open               reads it: the end of it is the end of the server
 *
 * The end of standard input comes when this JVM closes it, and also when this JVM dies, be it by
 * SIGKILL, since no other process holds that pipe. What the server logs goes to standard error,
 * which is this JVM's own.
 */
record ChildServer(Process process, int dataPort, int adminPort) implements RunningServer {
    private static final long STOP_MILLIS_MAX = 12_000;

    /**
     * @param settings {@code key=value} each; of one key the last counts
     */
    static ChildServer start(List<String> settings) {
        Process process;
        try {
            process = launch(settings);
        } catch (IOException e) {
            throw new IllegalStateException("cannot start a JVM: " + e.getMessage(), e);
        }
        try {
            String[] ports = firstLine(process).split(" ", -1);
            return new ChildServer(process, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
        } catch (RuntimeException | IOException e) {
            process.destroyForcibly();
            throw e instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("the server's JVM: " + e.getMessage(), e);
        }
    }

    private static Process launch(List<String> settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        command.addAll(JvmOptions.ofThisJava());
        command.add(ServerProgram.class.getName());
        command.addAll(settings);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    /** The two ports, once the server says that it is ready; or an exception of what it says. */
    private static String firstLine(Process process) throws IOException {
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        @Nullable String line = output.readLine();
        while (line != null) {
            if (line.startsWith(ServerProgram.READY)) {
                return line.substring(ServerProgram.READY.length());
            }
            if (line.startsWith(ServerProgram.SETTING)) {
                throw new IllegalArgumentException(line.substring(ServerProgram.SETTING.length()));
            }
            if (line.startsWith(ServerProgram.FAILED)) {
                throw new IllegalStateException(line.substring(ServerProgram.FAILED.length()));
            }
            line = output.readLine(); // what the JVM itself has to say
        }
        throw new IllegalStateException(
                "the server's JVM ended before it was ready; standard error has the reason");
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
