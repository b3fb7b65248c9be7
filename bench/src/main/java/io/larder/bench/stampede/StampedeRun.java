package io.larder.bench.stampede;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The rounds against one server of its own: a stampede without leases, one with leases, and one
 * whose loading process is killed. One thread, once.
 */
final class StampedeRun {
    private static final Duration PARKED_TIMEOUT = Duration.ofSeconds(30);

    /** What is asked for; see the command's options. */
    record Plan(int processes, int threads, int keys, int loaderMillis) {}

    /**
     * What it came to.
     *
     * @param killDelayMillis from the kill to the last value that the others got, less one load
     */
    record Outcome(LoadCount leases, LoadCount plain, LoadCount killed, long killDelayMillis) {}

    private final Plan plan;

    StampedeRun(Plan plan) {
        this.plan = plan;
    }

    Outcome run() {
        try (ServerProcess server = ServerProcess.open(List.of("store.memory=64m"))) {
            String address = server.ready().data();
            List<Worker> workers = new ArrayList<>();
            try {
                for (int i = 0; i < plan.processes(); i++) {
                    workers.add(Worker.start(i, address));
                }
                workers.forEach(Worker::awaitReady);
                LoadCount plain = stampede(workers, "plain");
                LoadCount leases = stampede(workers, "leases");
                Outcome outcome = kill(workers, address, plain, leases);
                server.stop();
                return outcome;
            } finally {
                workers.forEach(Worker::close);
            }
        }
    }

    /** Every thread of every process asks for every key, all in the same order. */
    private LoadCount stampede(List<Worker> workers, String mode) {
        Progress.say(
                "stampede: %s: %d processes, %d threads each, %d keys, %d ms a load",
                mode, plan.processes(), plan.threads(), plan.keys(), plan.loaderMillis());
        long start = System.nanoTime();
        for (Worker worker : workers) {
            worker.tell(mode, mode, plan.threads(), plan.keys(), plan.loaderMillis(), plan.keys());
        }
        LoadCount count = countOf(workers, plan.keys(), start);
        requireAll(mode, count, plan.processes() * plan.threads() * plan.keys());
        Progress.say("stampede: %s: %.2f loads a key", mode, count.loadsPerKey());
        return count;
    }

    private static LoadCount countOf(List<Worker> workers, int keys, long startNanos) {
        List<Integer> loads = new ArrayList<>(Collections.nCopies(keys, 0));
        int values = 0;
        for (Worker worker : workers) {
            Worker.Report report = worker.awaitReport();
            values += report.values();
            for (int key = 0; key < keys; key++) {
                loads.set(key, loads.get(key) + report.loads().get(key));
            }
        }
        return new LoadCount(loads, values, (System.nanoTime() - startNanos) / 1_000_000);
    }

    private static void requireAll(String mode, LoadCount count, int expected) {
        if (count.values() != expected) {
            throw new BenchException(
                    mode + ": " + count.values() + " values were got (expected: " + expected + ")");
        }
    }

    /** One process loads some keys, without end; the others wait for them; it is killed. */
    private Outcome kill(List<Worker> workers, String address, LoadCount plain, LoadCount leases) {
        int keys = Math.min(plan.threads(), plan.keys());
        Worker victim = workers.get(0);
        List<Worker> others = workers.subList(1, workers.size());
        try (Larder larder = Larder.connect("larder://" + address)) {
            Progress.say("stampede: kill: one process loads %d keys, the others wait", keys);
            victim.tell("leases", "kill", keys, keys, Worker.ENDLESS_MILLIS, 1);
            await(larder, "leases", keys);
            long start = System.nanoTime();
            for (Worker other : others) {
                other.tell("leases", "kill", plan.threads(), keys, plan.loaderMillis(), 1);
            }
            await(larder, "parked_requests", (long) keys * others.size());
            long killedAt = System.currentTimeMillis();
            victim.kill();
            LoadCount killed = countOf(others, keys, start);
            requireAll("kill", killed, plan.threads() * others.size());
            long last = others.stream().mapToLong(Worker::lastValueAtMillis).max().orElseThrow();
            long delay = last - killedAt - plan.loaderMillis();
            Progress.say("stampede: kill: the last value came %d ms after it", last - killedAt);
            return new Outcome(leases, plain, killed, Math.max(0, delay));
        }
    }

    private static void await(Larder larder, String figure, long expected) {
        long deadline = System.nanoTime() + PARKED_TIMEOUT.toNanos();
        while (true) {
            Map<String, String> stats = larder.stats();
            String value = stats.getOrDefault(figure, "none");
            if (value.equals(String.valueOf(expected))) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new BenchException(
                        "server: " + figure + ": " + value + " (expected: " + expected + ")");
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("stampede: interrupted", e);
            }
        }
    }
}
