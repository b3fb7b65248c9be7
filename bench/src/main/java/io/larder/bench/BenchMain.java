package io.larder.bench;

import io.larder.bench.client.ClientCommand;
import io.larder.bench.client.LargeCommand;
import io.larder.bench.console.ConsoleCommand;
import io.larder.bench.crash.CorruptCommand;
import io.larder.bench.crash.CrashCommand;
import io.larder.bench.curve.CurveCommand;
import io.larder.bench.drain.DrainCommand;
import io.larder.bench.flood.FloodCommand;
import io.larder.bench.fuzz.FuzzCommand;
import io.larder.bench.hostile.ChurnCommand;
import io.larder.bench.hostile.LimitsCommand;
import io.larder.bench.hostile.OverloadCommand;
import io.larder.bench.jcstress.JcstressCommand;
import io.larder.bench.linearizable.LinearizableCommand;
import io.larder.bench.locks.LocksCommand;
import io.larder.bench.memory.MemoryCommand;
import io.larder.bench.metrics.PromtoolCommand;
import io.larder.bench.near.NearCommand;
import io.larder.bench.operate.AdminCommand;
import io.larder.bench.operate.SettingsCommand;
import io.larder.bench.overflow.OverflowCommand;
import io.larder.bench.peers.PeersCommand;
import io.larder.bench.proof.ProofCommand;
import io.larder.bench.replay.ReplayCommand;
import io.larder.bench.replay.TracesCommand;
import io.larder.bench.soak.SoakCommand;
import io.larder.bench.stall.StallCommand;
import io.larder.bench.stampede.StampedeCommand;
import io.larder.bench.store.StoreCommand;
import io.larder.bench.tck.TckCommand;
import io.larder.bench.tls.TlsCommand;
import io.larder.bench.trace.TraceCommand;
import io.larder.bench.wire.WireCommand;
import io.larder.bench.ycsb.YcsbCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The entry point of {@code bin/larder bench NAME …}. Exit code 0: the command's promise held, and
 * the last line of standard output is its {@code RESULT}; 1: it did not, or nothing could be
 * measured; 2: wrong arguments. Progress and errors go to standard error.
 */
@Command(
        name = "bench",
        description = "Measures Larder. Each command ends with one line: RESULT <name> key=value …",
        mixinStandardHelpOptions = true,
        subcommands = {
            YcsbCommand.class,
            WireCommand.class,
            TlsCommand.class,
            PeersCommand.class,
            ClientCommand.class,
            LargeCommand.class,
            StoreCommand.class,
            LocksCommand.class,
            LinearizableCommand.class,
            SoakCommand.class,
            FuzzCommand.class,
            LimitsCommand.class,
            OverloadCommand.class,
            ChurnCommand.class,
            StallCommand.class,
            StampedeCommand.class,
            MemoryCommand.class,
            FloodCommand.class,
            NearCommand.class,
            OverflowCommand.class,
            DrainCommand.class,
            AdminCommand.class,
            SettingsCommand.class,
            PromtoolCommand.class,
            ConsoleCommand.class,
            CrashCommand.class,
            CorruptCommand.class,
            ReplayCommand.class,
            TracesCommand.class,
            CurveCommand.class,
            TraceCommand.class,
            JcstressCommand.class,
            ProofCommand.class,
            TckCommand.class
        })
public final class BenchMain implements Runnable {
    /** The exit code of a promise that did not hold. */
    public static final int EXIT_BROKEN = 1;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    private BenchMain() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        JavaCommand.configureLog();
        System.exit(execute(args));
    }

    /** Runs one command and returns its exit code. */
    static int execute(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchMain())
                .setExecutionExceptionHandler(
                        (problem, commandLine, parsed) -> {
                            report(problem, commandLine.getErr());
                            return EXIT_BROKEN;
                        });
    }

    private static void report(Exception problem, PrintWriter err) {
        if (problem instanceof BenchException) {
            err.println("bench: " + problem.getMessage());
        } else {
            problem.printStackTrace(err);
        }
        err.flush();
    }

    /** Without a name there is nothing to run. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "NAME: none (expected: one of " + spec.subcommands().keySet() + ")");
    }
}
