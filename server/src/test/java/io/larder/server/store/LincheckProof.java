package io.larder.server.store;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * The long form of {@link StoreLincheckTest}, as a program: random meetings on {@link
 * LincheckStore}, each interleaved many times, by the model checker or by real threads. {@code
 * bench proof} starts it.
 *
 * <p>Arguments: {@code model|stress FIRST ITERATIONS INVOCATIONS THREADS ACTORS SECONDS SEED}; it
 * passes over the seed's meetings before number FIRST, from 1, and stops early after SECONDS, but
 * not within a meeting. Each meeting and its seconds are told on standard error; the last line of
 * standard output is the number that passed. Exit code 1 if one did not: it is on standard error,
 * with the interleaving.
 *
 * <p>The meetings are drawn here and not by Lincheck, which draws the same ones every time, so that
 * they go on from a seed.
 */
final class LincheckProof {
    private static final int ACTORS_BEFORE = 1;
    private static final int ACTORS_AFTER = 1;

    /**
     * An invocation that takes longer is taken for hung. Lincheck's 30 seconds, which it offers no
     * other way to raise, are too few for a scan on a busy machine.
     */
    private static final long INVOCATION_MILLIS_MAX = 300_000;

    private static final String RECLAIM = "reclaim";

    private final List<Method> operations;
    private final Random random;
    private final int threads;
    private final int actors;

    private LincheckProof(int threads, int actors, long seed) {
        this.threads = threads;
        this.actors = actors;
        this.random = new Random(seed);
        this.operations =
                Arrays.stream(LincheckStore.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(Operation.class))
                        .sorted(Comparator.comparing(Method::getName))
                        .toList();
    }

    public static void main(String[] arguments) {
        boolean byModel = arguments[0].equals("model");
        int first = Integer.parseInt(arguments[1]);
        int iterations = Integer.parseInt(arguments[2]);
        int invocations = Integer.parseInt(arguments[3]);
        int threads = Integer.parseInt(arguments[4]);
        int actors = Integer.parseInt(arguments[5]);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[6]));
        LincheckProof proof = new LincheckProof(threads, actors, Long.parseLong(arguments[7]));
        for (int number = 1; number < first; number++) {
            proof.meeting();
        }
        int passed = 0;
        while (passed < iterations && (passed == 0 || System.nanoTime() < endNanos)) {
            ExecutionScenario meeting = proof.meeting();
            long startNanos = System.nanoTime();
            System.err.printf("%s: meeting %d%n%s%n", arguments[0], first + passed, meeting);
            try {
                if (byModel) {
                    proof.interleave(meeting, invocations);
                } else {
                    proof.stress(meeting, invocations);
                }
            } catch (LincheckAssertionError e) {
                System.err.println(e.getMessage());
                System.out.println(passed);
                System.exit(1);
            }
            passed++;
            System.err.printf("%.1f s%n", (System.nanoTime() - startNanos) / 1e9);
        }
        System.out.println(passed);
        System.exit(0);
    }

    private void interleave(ExecutionScenario meeting, int invocations) {
        LincheckGuarantees.addTo(new ModelCheckingOptions())
                .invocationTimeout$lincheck(INVOCATION_MILLIS_MAX)
                .iterations(0)
                .addCustomScenario(meeting)
                .invocationsPerIteration(invocations)
                .minimizeFailedScenario(false)
                .sequentialSpecification(LincheckMap.class)
                .check(LincheckStore.class);
    }

    private void stress(ExecutionScenario meeting, int invocations) {
        new StressOptions()
                .iterations(0)
                .addCustomScenario(meeting)
                .invocationsPerIteration(invocations)
                .minimizeFailedScenario(false)
                .sequentialSpecification(LincheckMap.class)
                .check(LincheckStore.class);
    }

    /** Random operations; one thread alone may reclaim, as one shard's tasks never overlap. */
    private ExecutionScenario meeting() {
        int reclaimer = random.nextInt(threads);
        List<List<Actor>> parallel = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            parallel.add(actors(actors, thread == reclaimer));
        }
        return new ExecutionScenario(
                actors(ACTORS_BEFORE, true), parallel, actors(ACTORS_AFTER, true), null);
    }

    private List<Actor> actors(int count, boolean mayReclaim) {
        List<Actor> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            Method method = operations.get(random.nextInt(operations.size()));
            boolean reclaims =
                    method.getAnnotation(Operation.class).nonParallelGroup().equals(RECLAIM);
            if (mayReclaim || !reclaims) {
                drawn.add(new Actor(method, arguments(method)));
            }
        }
        return drawn;
    }

    /** Arguments out of the ranges that {@link LincheckStore} names, {@code first:last}. */
    private List<Object> arguments(Method method) {
        List<Object> arguments = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            String name = parameter.getAnnotation(Param.class).name();
            String range =
                    Arrays.stream(LincheckStore.class.getAnnotationsByType(Param.class))
                            .filter(param -> param.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .conf();
            int colon = range.indexOf(':');
            int first = Integer.parseInt(range.substring(0, colon));
            int last = Integer.parseInt(range.substring(colon + 1));
            arguments.add(first + random.nextInt(last - first + 1));
        }
        return arguments;
    }
}
