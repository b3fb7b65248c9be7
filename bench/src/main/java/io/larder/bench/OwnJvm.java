package io.larder.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs a command once more in a JVM whose options suit what it measures: its memory is then all the
 * command's own. The inner run is told by {@link #INNER} and prints the result. Stateless.
 */
public final class OwnJvm {
    /** The option, hidden from users, of a command that is in its own JVM already. */
    public static final String INNER = "--inner";

    private OwnJvm() {}

    /**
     * Options of a JVM whose own memory does not move while a store's is watched: a heap of fixed
     * size, touched at the start.
     */
    public static List<String> steadyHeap(long heapBytes) {
        long mebibytes = (heapBytes >> 20) + 1;
        return List.of(
                "-Xms" + mebibytes + "m",
                "-Xmx" + mebibytes + "m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseParallelGC",
                "-XX:-UseAdaptiveSizePolicy");
    }

    /**
     * Runs the command that is being executed, with its arguments, and returns its exit code.
     *
     * <p>Locking: blocks until it has ended.
     *
     * @throws BenchException if it cannot be started, or has not ended {@code timeout} from now
     */
    public static int run(CommandSpec spec, List<String> jvmOptions, Duration timeout) {
        List<String> command = JavaCommand.of(BenchMain.class.getName(), jvmOptions);
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        command.add(INNER);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        PrintWriter out = spec.commandLine().getOut();
        try (ChildProcess child = ChildProcess.start(spec.name(), builder);
                Stream<String> lines = child.process().inputReader().lines()) {
            lines.forEach(out::println);
            out.flush();
            return child.waitFor(timeout);
        }
    }
}
