package io.larder.bench.linearizable;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One run: starts a server, lets the clients at it, and has what they saw checked. */
final class LinearizableRun {
    /** More could overlap on one key than a check takes. */
    static final int CLIENTS_MAX = 48;

    private static final int OPEN_MAX = LinearizabilityCheck.OPEN_MAX - KeyHistory.UNCERTAIN_MAX;
    private static final int DEPTH_MAX = 3;
    private static final int THREADS_MAX = 4;
    private static final int CROWD_MAX = 2_048;
    private static final int LAPS_MIN = 4;
    private static final int PROGRESS_SECONDS = 10;

    /**
     * What to do.
     *
     * @param operations to do in all
     * @param clients with a connection each
     * @param evicts whether memory is short: more keys, and others beside them
     * @param changesLimit whether the memory limit goes up and down
     * @param restarts of the server
     * @param plant a fault to put in; null for none
     * @param seed of what the clients choose; how they meet is left to chance
     * @param definitions for the server, each key=value
     */
    record Plan(
            long operations,
            int clients,
            boolean evicts,
            boolean changesLimit,
            int restarts,
            @Nullable Plant plant,
            long seed,
            List<String> definitions) {
        /** Whether items may be gone that nobody has deleted. */
        boolean mayEvict() {
            return evicts || changesLimit;
        }

        /** Operations that a client has under way at once. */
        int depth() {
            return Math.min(DEPTH_MAX, OPEN_MAX / clients);
        }

        /** Keys that are worked on at a time: each has about three operations under way. */
        int keysAtATime() {
            return Math.max(1, clients * depth() / 3);
        }

        /**
         * All keys: where they are to be evicted so many that each rests, and some laps of them.
         */
        int keys() {
            long crowd = Math.min(CROWD_MAX, operations / (HotKeys.STAY * LAPS_MIN));
            return evicts ? (int) Math.max(crowd, keysAtATime()) : keysAtATime();
        }
    }

    /**
     * What came of it.
     *
     * @param evictions what the server evicted, as far as it was looked at
     * @param limitChanges of the memory limit
     * @param restarts of the server
     */
    record Outcome(
            HistoryChecks.Tally tally,
            Pressure.Evictions evictions,
            long limitChanges,
            Restarts.Tally restarts,
            double seconds) {
        Outcome with(Restarts.Tally counted) {
            return new Outcome(tally, evictions, limitChanges, counted, seconds);
        }
    }

    private final Plan plan;
    private final Endpoint endpoint;
    private final HistoryChecks checks;
    private final HotKeys keys;
    private final AtomicLong left;

    private LinearizableRun(Plan plan, Endpoint endpoint) {
        this.plan = plan;
        this.endpoint = endpoint;
        this.checks = new HistoryChecks(plan.mayEvict());
        this.keys = new HotKeys(plan.keys(), plan.keysAtATime(), checks::submit);
        this.left = new AtomicLong(plan.operations());
    }

    /**
     * Does it, with a server of its own.
     *
     * @throws BenchException if the server or a client fails
     */
    static Outcome run(Plan plan) {
        if (plan.restarts() > 0) {
            return runRestarting(plan);
        }
        try (ServerProcess server = ServerProcess.open(plan.definitions())) {
            Outcome outcome = run(plan, Endpoint.of(server.ready()));
            server.stop();
            return outcome;
        }
    }

    private static Outcome runRestarting(Plan plan) {
        SplittableRandom random = new SplittableRandom(~plan.seed());
        try (Restarts restarts = new Restarts(plan.definitions(), plan.restarts(), random)) {
            LinearizableRun run = new LinearizableRun(plan, restarts.endpoint());
            restarts.begin(run::share);
            Outcome outcome = run.run();
            return outcome.with(restarts.end());
        }
    }

    /** Does it, against the server there; it is not restarted. */
    static Outcome run(Plan plan, Endpoint endpoint) {
        return new LinearizableRun(plan, endpoint).run();
    }

    private Outcome run() {
        long startNanos = System.nanoTime();
        checks.start();
        Pressure.Evictions evictions = new Pressure.Evictions(0, 0);
        long limitChanges = 0;
        try (Pressure pressure = plan.evicts() ? Pressure.start(endpoint) : null;
                LimitChanges limits = plan.changesLimit() ? LimitChanges.start(endpoint) : null) {
            callAll();
            if (limits != null) {
                limitChanges = limits.end();
            }
            if (pressure != null) {
                evictions = pressure.end();
            }
        }
        keys.retireAll();
        HistoryChecks.Tally tally = checks.finish();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return new Outcome(tally, evictions, limitChanges, new Restarts.Tally(0, 0), seconds);
    }

    /** The part of the operations that has been called, 0 to 1. */
    private double share() {
        return 1 - (double) Math.max(0, left.get()) / plan.operations();
    }

    private void callAll() {
        SplittableRandom random = new SplittableRandom(plan.seed());
        int threads = Math.min(THREADS_MAX, plan.clients());
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread;
                SplittableRandom own = random.split();
                running.add(executor.submit(() -> callSome(first, threads, own)));
            }
            for (Future<?> each : running) {
                await(each);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void await(Future<?> running) {
        while (true) {
            try {
                running.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                tell();
            } catch (ExecutionException e) {
                throw new BenchException("client: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("linearizable: interrupted", e);
            }
        }
    }

    private void tell() {
        HistoryChecks.Tally tally = checks.tally();
        Progress.say(
                "linearizable: %d operations of %d called; checked %d of %d keys, %d violations",
                plan.operations() - Math.max(0, left.get()),
                plan.operations(),
                tally.operations(),
                tally.keys(),
                tally.violations());
    }

    /** Every so-manieth client, from the first on. */
    private @Nullable Void callSome(int first, int step, SplittableRandom random)
            throws IOException {
        List<Caller> callers = new ArrayList<>();
        try {
            for (int id = first; id < plan.clients(); id += step) {
                callers.add(
                        new Caller(id, endpoint, keys, plan.depth(), plan.plant(), random.split()));
            }
            while (left.get() > 0) {
                for (Caller caller : callers) {
                    caller.send((int) Math.max(0, Math.min(claim(), plan.depth())));
                }
                for (Caller caller : callers) {
                    caller.receive();
                }
            }
            return null;
        } finally {
            for (Caller caller : callers) {
                caller.close();
            }
        }
    }

    /** Takes operations to do; how many there were before. */
    private long claim() {
        return left.getAndAdd(-plan.depth());
    }
}
