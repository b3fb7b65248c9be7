package io.larder.client.examples.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Those who look at products, some at a few ones again and again: each asks the shops in turn, and
 * asks again when it has its answer. The same requests in every run.
 */
final class Visitors {
    private static final int VISITORS = 16;
    private static final long SEED = 20_240_229;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int products;
    private final int requests;

    Visitors(int products, int requests) {
        this.products = products;
        this.requests = requests;
    }

    /**
     * What came of it.
     *
     * @param loads how often the database was asked
     * @param requests how many there were
     * @param sortedNanos how long each took, but for the first ones
     */
    record Outcome(long loads, long requests, long elapsedNanos, List<Long> sortedNanos) {
        double millisAt(double quantile) {
            int count = sortedNanos.size();
            return sortedNanos.get((int) Math.min(count - 1, quantile * count)) / 1e6;
        }

        double requestsPerSecond() {
            return requests / (elapsedNanos / 1e9);
        }
    }

    /**
     * Sends all requests, and waits for their answers.
     *
     * @throws IOException if one of them is not the product that was asked for
     */
    Outcome visit(List<ShopProgram> shops) throws IOException, InterruptedException {
        for (ShopProgram shop : shops) {
            get(shop.page("/loads")); // the first request of a server is its start's last part
        }
        ExecutorService threads = Executors.newFixedThreadPool(VISITORS);
        try {
            long startNanos = System.nanoTime();
            List<Future<long[]>> visits = new ArrayList<>();
            for (int visitor = 0; visitor < VISITORS; visitor++) {
                int number = visitor;
                visits.add(threads.submit(() -> visit(shops, number)));
            }
            List<long[]> nanos = new ArrayList<>();
            for (Future<long[]> each : visits) {
                nanos.add(each.get());
            }
            long elapsedNanos = System.nanoTime() - startNanos;
            long loads = 0;
            for (ShopProgram shop : shops) {
                loads += Long.parseLong(get(shop.page("/loads")));
            }
            List<Long> sorted =
                    nanos.stream().flatMapToLong(Arrays::stream).sorted().boxed().toList();
            return new Outcome(
                    loads, (long) (requests / VISITORS) * VISITORS, elapsedNanos, sorted);
        } catch (ExecutionException e) {
            throw new IOException("a request has failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private long[] visit(List<ShopProgram> shops, int visitor)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED + visitor);
        int own = requests / VISITORS;
        int untimed = own / 4; // while the shops' JVMs warm up
        long[] nanos = new long[own - untimed];
        for (int request = 0; request < own; request++) {
            // The lower, the more often: half of all go to a twentieth of the products, about.
            long id = (long) (products * Math.pow(random.nextDouble(), 4));
            ShopProgram shop = shops.get((visitor + request) % shops.size());
            long startNanos = System.nanoTime();
            String product = get(shop.page("/products/" + id));
            if (request >= untimed) {
                nanos[request - untimed] = System.nanoTime() - startNanos;
            }
            if (!product.contains("\"id\":" + id + ',')) {
                throw new IOException("product " + id + ": " + product);
            }
        }
        return nanos;
    }

    private String get(URI page) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(page + ": status " + answer.statusCode());
        }
        return answer.body();
    }
}
