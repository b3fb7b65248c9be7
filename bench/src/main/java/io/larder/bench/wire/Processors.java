package io.larder.bench.wire;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One processor for the server and another for the generator, by {@code taskset}. Immutable.
 *
 * @param server its number
 * @param client the generator's
 */
public record Processors(int server, int client) {
    private static final Path STATUS_OF_SELF = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /**
     * The first two processors that this process may use.
     *
     * @throws BenchException if there are not two, or no {@code taskset}
     */
    public static Processors firstTwo() {
        List<Integer> allowed = allowed();
        return new Processors(allowed.get(0), allowed.get(1));
    }

    /** The same; empty if there are not two, or no {@code taskset}, which is said. */
    public static Optional<Processors> ifTwo() {
        try {
            return Optional.of(firstTwo());
        } catch (BenchException e) {
            Progress.say("not pinned: %s", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * All processors that this process may use, two at least.
     *
     * @throws BenchException if there are not two, or no {@code taskset}
     */
    public static List<Integer> allowed() {
        List<Integer> allowed;
        try {
            allowed = allowed(Files.readAllLines(STATUS_OF_SELF));
        } catch (IOException e) {
            throw new BenchException("processors: " + e.getMessage(), e);
        }
        if (allowed.size() < 2) {
            throw new BenchException("processors: " + allowed + " (expected: two or more)");
        }
        ChildProcess.output(List.of("taskset", "--version"), TIMEOUT);
        return allowed;
    }

    /** From a line such as {@code Cpus_allowed_list: 0-1,4}. */
    static List<Integer> allowed(List<String> status) {
        List<Integer> allowed = new ArrayList<>();
        for (String line : status) {
            if (line.startsWith(ALLOWED)) {
                for (String range : line.substring(ALLOWED.length()).strip().split(",", -1)) {
                    String[] ends = range.split("-", -1);
                    int last = Integer.parseInt(ends[ends.length - 1]);
                    for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
                        allowed.add(i);
                    }
                }
            }
        }
        return allowed;
    }

    /** The command, on the server's processor alone; its process id stays the command's. */
    public List<String> onServer(List<String> command) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", server + ""));
        pinned.addAll(command);
        return pinned;
    }

    /** Moves all threads of this process to the generator's processor. */
    public void moveSelf() {
        move(ProcessHandle.current().pid(), List.of(client));
    }

    /**
     * Moves all threads of a process to these processors; threads that they start go there too.
     *
     * @throws BenchException if there is no such process, or it may not go there
     */
    public static void move(long pid, List<Integer> processors) {
        String list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
        ChildProcess.output(List.of("taskset", "-a", "-c", "-p", list, pid + ""), TIMEOUT);
    }
}
