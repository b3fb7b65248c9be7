package io.larder.bench.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;

/** A contender's JVM as the command sees it. For one thread. */
final class ContenderProcess implements AutoCloseable {
    private static final List<String> JVM_OPTIONS = List.of("-Xmx512m", "-XX:+UseParallelGC");

    private final String name;
    private final ChildProcess child;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private ContenderProcess(String name, ChildProcess child) {
        this.name = name;
        this.child = child;
        this.answers = child.process().inputReader(UTF_8);
        this.orders = new PrintWriter(child.process().outputWriter(UTF_8), true);
    }

    /**
     * Starts one, and waits until its values are stored.
     *
     * @throws BenchException if it ends before
     */
    static ContenderProcess start(
            ContenderKind kind, InetSocketAddress server, int keys, int valueBytes) {
        List<String> command = JavaCommand.of(ContenderMain.class.getName(), JVM_OPTIONS);
        command.addAll(
                List.of(
                        kind.name(),
                        server.getAddress().getHostAddress(),
                        server.getPort() + "",
                        keys + "",
                        valueBytes + ""));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        ContenderProcess contender =
                new ContenderProcess(kind.label(), ChildProcess.start(kind.label(), builder));
        try {
            contender.await(ContenderMain.READY::equals);
            return contender;
        } catch (RuntimeException e) {
            contender.close();
            throw e;
        }
    }

    /**
     * Measures. Locking: blocks as long as it takes.
     *
     * @param callsPerSecond 0 for as many as go
     */
    Sample measure(Scenario scenario, long millis, double callsPerSecond) {
        orders.println(ContenderMain.order(scenario, millis, callsPerSecond));
        return Sample.parse(await(Sample::isOne));
    }

    /** The next line that is wanted; libraries may say something, too. */
    private String await(Predicate<String> isWanted) {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (isWanted.test(line)) {
                    return line;
                }
            }
        } catch (IOException e) {
            throw new BenchException(name + ": " + e.getMessage(), e);
        }
        throw new BenchException(name + ": its JVM has ended");
    }

    @Override
    public void close() {
        orders.close();
        child.close();
    }
}
