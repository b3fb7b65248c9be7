package io.larder.bench.stampede;

import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LoadOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A JVM of a stampede: reads one line for each round, as {@link Worker#tell} writes it, and answers
 * it with a report. Ends with its input.
 */
public final class WorkerMain {
    private static final LoadOptions LOADING =
            LoadOptions.DEFAULT.timeout(Duration.ofSeconds(60)).leaseTime(Duration.ofSeconds(300));

    /** One round: who asks for what, and what a load takes. */
    private record Round(
            String mode, String prefix, int threads, int keys, int loaderMillis, int perThread) {
        static Round parse(String line) {
            String[] words = line.split(" ", -1);
            return new Round(
                    words[0],
                    words[1],
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]),
                    Integer.parseInt(words[4]),
                    Integer.parseInt(words[5]));
        }

        byte[] key(int number) {
            return (prefix + ':' + number).getBytes(StandardCharsets.UTF_8);
        }

        byte[] value(int number) {
            return ("value of " + prefix + ':' + number).getBytes(StandardCharsets.UTF_8);
        }

        /** The first key of a thread: all begin with the same if they go through all. */
        int first(int thread) {
            return perThread == keys ? 0 : thread % keys;
        }
    }

    private final BytesCache cache;
    private final Round round;
    private final AtomicIntegerArray loads;
    private final AtomicLong lastAtMillis = new AtomicLong();

    private WorkerMain(BytesCache cache, Round round) {
        this.cache = cache;
        this.round = round;
        this.loads = new AtomicIntegerArray(round.keys());
    }

    /** Runs rounds until standard input ends; the only argument is HOST:PORT. */
    public static void main(String[] args) throws Exception {
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Larder larder =
                Larder.builder("larder://" + args[0])
                        .requestTimeout(Duration.ofSeconds(10))
                        .connect()) {
            System.out.println(Worker.READY);
            runRounds(larder.cache(), input);
        }
    }

    private static void runRounds(BytesCache cache, BufferedReader input)
            throws IOException, InterruptedException {
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(new WorkerMain(cache, Round.parse(line)).run());
        }
    }

    private String run() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(round.threads());
        try {
            int values = 0;
            for (Future<Integer> thread :
                    threads.invokeAll(
                            IntStream.range(0, round.threads())
                                    .<Callable<Integer>>mapToObj(number -> () -> ask(number))
                                    .toList())) {
                values += thread.get();
            }
            String counts =
                    IntStream.range(0, loads.length())
                            .mapToObj(key -> String.valueOf(loads.get(key)))
                            .collect(Collectors.joining(","));
            return Worker.REPORT + ' ' + values + ' ' + lastAtMillis.get() + ' ' + counts;
        } catch (ExecutionException e) {
            return "FAILED " + e.getCause();
        } finally {
            threads.shutdownNow();
        }
    }

    /** What one thread does; how many right values it got. */
    private int ask(int thread) throws Exception {
        int values = 0;
        for (int i = 0; i < round.perThread(); i++) {
            int number = (round.first(thread) + i) % round.keys();
            byte[] value = round.mode().equals("leases") ? getOrLoad(number) : getThenLoad(number);
            if (Arrays.equals(value, round.value(number))) {
                values++;
            }
            lastAtMillis.accumulateAndGet(System.currentTimeMillis(), Math::max);
        }
        return values;
    }

    private byte[] getOrLoad(int number) {
        return cache.getOrLoad(round.key(number), LOADING, key -> Optional.of(load(number)))
                .orElseThrow();
    }

    /** What a program does without leases. */
    private byte[] getThenLoad(int number) throws InterruptedException {
        Optional<byte[]> found = cache.get(round.key(number));
        if (found.isPresent()) {
            return found.get();
        }
        byte[] loaded = load(number);
        cache.put(round.key(number), loaded);
        return loaded;
    }

    private byte[] load(int number) throws InterruptedException {
        loads.incrementAndGet(number);
        Thread.sleep(round.loaderMillis());
        return round.value(number);
    }
}
