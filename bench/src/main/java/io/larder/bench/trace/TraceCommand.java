package io.larder.bench.trace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench trace}, and {@code bin/larder trace}: records and replays what a server is asked.
 */
@Command(
        name = "trace",
        description = "Records what a live server is asked for, and replays it at other sizes.",
        mixinStandardHelpOptions = true,
        subcommands = {RecordCommand.class, ReplayRecordedCommand.class})
public final class TraceCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public TraceCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "NAME: none (expected: one of " + spec.subcommands().keySet() + ")");
    }
}
