package io.larder.bench.peers;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The connections of a workload. Immutable.
 *
 * @param active those that ask
 * @param idle those that are open and say nothing
 */
record Crowd(int active, int idle) {
    private static final int ACTIVE_MAX = 1_000;
    private static final int IDLE_MAX = 8_000;

    /** Reads {@code 50} or {@code 50+950}. */
    static final class Converter implements ITypeConverter<Crowd> {
        @Override
        public Crowd convert(String text) {
            int plus = text.indexOf('+');
            try {
                int active = Integer.parseInt(plus < 0 ? text : text.substring(0, plus));
                int idle = plus < 0 ? 0 : Integer.parseInt(text.substring(plus + 1));
                if (active >= 1 && active <= ACTIVE_MAX && idle >= 0 && idle <= IDLE_MAX) {
                    return new Crowd(active, idle);
                }
            } catch (NumberFormatException e) {
                // named below
            }
            throw new TypeConversionException(
                    text
                            + " (expected: 1.."
                            + ACTIVE_MAX
                            + ", or that many +0.."
                            + IDLE_MAX
                            + " idle ones)");
        }
    }

    int all() {
        return active + idle;
    }

    @Override
    public String toString() {
        return idle == 0 ? active + "" : active + "+" + idle + " idle";
    }
}
