package io.larder.client.examples.demo;

import io.larder.client.Larder;
import io.larder.client.api.RegionStats;
import io.larder.client.examples.demo.Visitors.Outcome;
import io.larder.client.junit.LarderServer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Shows what Larder does for a shop whose database is slow: two shops, each in a JVM of its own,
 * under the same requests, without and with it. Ends by itself, with {@code RESULT demo ...}; its
 * exit status is 0 if every answer was right and the database was asked less often with Larder.
 */
public final class Demo {
    private static final int SHOPS = 2;
    private static final int PRODUCTS = 500;
    private static final int REQUESTS = 8_000;
    private static final int REQUESTS_MIN = 160;
    private static final int REQUESTS_MAX = 1_000_000;
    private static final String USAGE = "Usage: bin/larder demo [--requests N]";

    private Demo() {}

    /** With {@code --requests N}, how many are sent to the shops without and with Larder. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1 && arguments[0].equals("--help")) {
            System.out.println(USAGE);
            return;
        }
        System.exit(run(requests(arguments)) ? 0 : 1);
    }

    private static int requests(String[] arguments) {
        if (arguments.length == 0) {
            return REQUESTS;
        }
        if (arguments.length == 2 && arguments[0].equals("--requests")) {
            try {
                int requests = Integer.parseInt(arguments[1]);
                if (requests >= REQUESTS_MIN && requests <= REQUESTS_MAX) {
                    return requests;
                }
            } catch (NumberFormatException e) {
                // as one that is out of range
            }
        }
        System.err.println(
                USAGE + ", N from " + REQUESTS_MIN + " to " + REQUESTS_MAX + "; by default 8000");
        System.exit(2);
        return REQUESTS;
    }

    private static boolean run(int requests) throws Exception {
        Visitors visitors = new Visitors(PRODUCTS, requests);
        try (SlowDatabase database = SlowDatabase.start(PRODUCTS);
                LarderServer server = LarderServer.startEmbedded("store.memory=64m");
                Larder larder = server.connect()) {
            String url = "--spring.datasource.url=" + database.url();
            say("two shops without Larder, " + requests + " requests");
            Outcome plain = visit(visitors, url, "--spring.profiles.active=plain");
            say("two shops with Larder, the same requests");
            Outcome cached = visit(visitors, url, "--larder.uri=" + server.uri());
            return report(plain, cached, larder.cache("products").stats());
        }
    }

    private static void say(String what) {
        System.err.println("demo: " + what);
    }

    private static Outcome visit(Visitors visitors, String... arguments)
            throws IOException, InterruptedException {
        List<ShopProgram> shops = ShopProgram.start(SHOPS, arguments);
        try {
            return visitors.visit(shops);
        } finally {
            shops.forEach(ShopProgram::close);
        }
    }

    private static boolean report(Outcome plain, Outcome cached, RegionStats stats) {
        long reads = plain.requests();
        row("", "without", "with Larder");
        row("requests", "" + reads, "" + cached.requests());
        row("loads from the database", "" + plain.loads(), "" + cached.loads());
        row("answered by the cache", share(0, reads), share(reads - cached.loads(), reads));
        row("latency, half (ms)", millis(plain, 0.5), millis(cached, 0.5));
        row("latency, 99 % (ms)", millis(plain, 0.99), millis(cached, 0.99));
        row("requests a second", rate(plain), rate(cached));
        row("items in Larder", "-", "" + stats.items());
        System.out.println(
                "RESULT demo origin_loads_larder="
                        + cached.loads()
                        + " origin_loads_plain="
                        + plain.loads());
        return cached.loads() < plain.loads();
    }

    private static void row(String name, String plain, String cached) {
        System.out.printf(Locale.ROOT, "%-26s %12s %12s%n", name, plain, cached);
    }

    private static String share(long part, long all) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
    }

    private static String millis(Outcome outcome, double quantile) {
        return String.format(Locale.ROOT, "%.1f", outcome.millisAt(quantile));
    }

    private static String rate(Outcome outcome) {
        return String.format(Locale.ROOT, "%.0f", outcome.requestsPerSecond());
    }
}
