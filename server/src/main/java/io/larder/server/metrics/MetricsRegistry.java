package io.larder.server.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The figures a server can show, by name, in the order they were registered: STATS, the telnet
 * admin and whatever exports metrics read the same ones. It holds suppliers, not values: a figure
 * costs nothing until somebody looks. Each has a row in {@code server/docs/metrics.md}, which a
 * test asks for.
 *
 * <p>Any thread may register and read. A supplier is called on the reading thread; it computes,
 * never blocks, never throws.
 */
public final class MetricsRegistry {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    private final CopyOnWriteArrayList<Metric> metrics = new CopyOnWriteArrayList<>();

    /**
     * One figure.
     *
     * @param name lower-case words joined by underscores, the unit last
     * @param kind how its values follow each other
     * @param help one line for people
     * @param supplier its present value, a {@link Long} or a {@link Double}
     */
    public record Metric(String name, Kind kind, String help, ValueSupplier supplier) {
        /** The present value. */
        public Number value() {
            return supplier.value();
        }
    }

    /** How a figure's values follow each other. */
    public enum Kind {
        /** It only grows, from 0 at the start: what counts is how fast. */
        COUNTER,
        /** It goes up and down. */
        GAUGE
    }

    /** Gives a figure's present value. */
    @FunctionalInterface
    public interface ValueSupplier {
        /** A {@link Long} or a {@link Double}. */
        Number value();
    }

    /**
     * Adds a whole number that goes up and down.
     *
     * @throws IllegalArgumentException if the name is malformed or taken
     */
    public MetricsRegistry register(String name, String help, LongSupplier value) {
        return register(new Metric(name, Kind.GAUGE, help, value::getAsLong));
    }

    /**
     * Adds a whole number that only grows.
     *
     * @throws IllegalArgumentException if the name is malformed or taken
     */
    public MetricsRegistry registerCounter(String name, String help, LongSupplier value) {
        return register(new Metric(name, Kind.COUNTER, help, value::getAsLong));
    }

    /**
     * Adds a fraction that goes up and down.
     *
     * @throws IllegalArgumentException if the name is malformed or taken
     */
    public MetricsRegistry registerDouble(String name, String help, DoubleSupplier value) {
        return register(new Metric(name, Kind.GAUGE, help, value::getAsDouble));
    }

    private synchronized MetricsRegistry register(Metric metric) {
        if (!NAME.matcher(metric.name()).matches()) {
            throw new IllegalArgumentException(
                    "name: " + metric.name() + " (expected: " + NAME.pattern() + ")");
        }
        if (metrics.stream().anyMatch(other -> other.name().equals(metric.name()))) {
            throw new IllegalArgumentException(
                    "name: " + metric.name() + " (expected: one not registered yet)");
        }
        metrics.add(metric);
        return this;
    }

    /** Hands every name and its present value over, in the order of registration. */
    public void forEach(BiConsumer<? super String, ? super Number> consumer) {
        for (Metric metric : metrics) {
            consumer.accept(metric.name(), metric.value());
        }
    }

    /** All figures, in the order of registration. */
    public List<Metric> metrics() {
        return List.copyOf(metrics);
    }
}
