package io.larder.bench;

import java.util.HashSet;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Refuses options of a command that make no sense, naming what was expected. */
public final class OptionChecks {
    private OptionChecks() {}

    /**
     * Accepts {@code min..max}.
     *
     * @throws ParameterException if the value is outside of it
     */
    public static void requireRange(
            CommandSpec spec, String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw wrong(spec, option + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /**
     * Accepts a list that has something, and nothing twice.
     *
     * @throws ParameterException if it has not
     */
    public static void requireOnce(CommandSpec spec, String option, List<?> values) {
        if (values.isEmpty() || new HashSet<>(values).size() != values.size()) {
            throw wrong(spec, option + ": " + values + " (expected: one or more, each once)");
        }
    }

    /** What to throw; picocli prints the message and the usage. */
    public static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
