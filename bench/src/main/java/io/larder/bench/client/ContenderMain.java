package io.larder.bench.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.List;

/**
 * The JVM of one contender: connects, stores the values, and then measures what it is told on
 * standard input, one line for each measurement, which it answers with one on standard output.
 */
final class ContenderMain {
    /** What it says when the values are stored. */
    static final String READY = "READY";

    private ContenderMain() {}

    /** A line of standard input that asks for a measurement. */
    static String order(Scenario scenario, long millis, double callsPerSecond) {
        return scenario + " " + millis + " " + callsPerSecond;
    }

    /** Arguments: kind, host, port, number of keys, bytes of a value. Ends with its input. */
    public static void main(String[] args) throws Exception {
        List<String> words = Arrays.asList(args);
        ContenderKind kind = ContenderKind.valueOf(words.get(0));
        int keys = Integer.parseInt(words.get(3));
        byte[] value = new byte[Integer.parseInt(words.get(4))];
        Arrays.fill(value, (byte) 'v');
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (Contender contender =
                kind.connect(words.get(1), Integer.parseInt(words.get(2)), keys)) {
            for (int key = 0; key < keys; key++) {
                contender.set(key, value);
            }
            System.out.println(READY);
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(measure(contender, order, keys, value.length).format());
            }
        }
        System.exit(0); // not every library ends its threads
    }

    private static Sample measure(Contender contender, String order, int keys, int valueBytes)
            throws InterruptedException {
        String[] words = order.split(" ", -1);
        Scenario scenario = Scenario.valueOf(words[0]);
        double callsPerSecond = Double.parseDouble(words[2]);
        Load load = new Load(contender, scenario, keys, valueBytes, Long.parseLong(words[1]));
        return callsPerSecond == 0 ? load.closed() : load.open(callsPerSecond);
    }
}
