package io.larder.bench.operate;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.AdminLines;
import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench settings}: whether settings change under load without anybody noticing. */
@Command(
        name = "settings",
        description =
                "Flips every setting that can change while a server runs, under load, and looks"
                        + " whether each change shows.",
        mixinStandardHelpOptions = true)
public final class SettingsCommand implements Callable<Integer> {
    private static final Pattern LIVE = Pattern.compile("CONFIG name=(\\S+) .*restart=false .*");

    @Option(names = "--seconds", description = "Default ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(names = "--threads", description = "Of the load; default ${DEFAULT-VALUE}.")
    private int threads = 4;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    private long flips;
    private final List<String> notSeen = new ArrayList<>();

    /** For picocli. */
    public SettingsCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--seconds", seconds, 1, 86_400);
        requireRange(spec, "--threads", threads, 1, 256);
        List<String> settings =
                List.of(
                        "store.memory=64m",
                        "store.memory.max=128m",
                        "region." + LiveSetting.REGION + ".ttl=60s");
        try (ServerProcess server = ServerProcess.open(settings)) {
            String address = server.ready().data();
            String admin = server.ready().listeners().getOrDefault("admin", "");
            try (Larder larder = Larder.connect("larder://" + address);
                    AdminLines lines = AdminLines.connect(admin)) {
                requireAllAreKnown(lines);
                try (OperateLoad load = OperateLoad.begin(larder, threads)) {
                    flip(lines, larder, address);
                    return report(load);
                }
            }
        }
    }

    private static void requireAllAreKnown(AdminLines admin) throws IOException {
        TreeSet<String> live = new TreeSet<>();
        for (String line : admin.ask("config get")) {
            Matcher matcher = LIVE.matcher(line);
            if (matcher.matches()) {
                live.add(matcher.group(1));
            }
        }
        TreeSet<String> known = new TreeSet<>();
        LiveSetting.ALL.forEach(setting -> known.add(setting.name()));
        if (!live.equals(known)) {
            throw new BenchException("settings: " + live + " (expected: " + known + ")");
        }
    }

    private void flip(AdminLines admin, Larder larder, String address) throws IOException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int round = 0; System.nanoTime() - endNanos < 0; round++) {
            Progress.say("settings: round %d, %,d changes so far", round, flips);
            for (LiveSetting setting : LiveSetting.ALL) {
                String value = setting.values().get(round % 2);
                change(setting, value, admin);
                String seen = setting.behaviour().seen(admin, larder, address);
                if (!seen.isEmpty() && !seen.equals(value)) {
                    notSeen.add(setting.name() + " = " + value + " shows as " + seen);
                }
            }
        }
    }

    private void change(LiveSetting setting, String value, AdminLines admin) throws IOException {
        List<String> answer = admin.ask("config set " + setting.name() + ' ' + value);
        String shown = admin.ask("config get " + setting.name()).get(0);
        flips++;
        if (!answer.equals(List.of("OK")) || !shown.contains(" value=" + value + ' ')) {
            notSeen.add(setting.name() + " = " + value + ": " + answer + ", then " + shown);
        }
    }

    private int report(OperateLoad load) {
        if (flips == 0 || load.operations() == 0) {
            throw new BenchException(
                    "settings: "
                            + flips
                            + " changes, "
                            + load.operations()
                            + " operations (expected: some of each)");
        }
        notSeen.stream().limit(10).forEach(text -> Progress.say("settings: %s", text));
        if (load.failed() > 0) {
            Progress.say("settings: the first failure: %s", load.firstFailure());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("settings")
                        .put("flips", flips)
                        .put("settings", LiveSetting.ALL.size())
                        .put("not_seen", notSeen.size())
                        .put("operations", load.operations())
                        .put("failed", load.failed())
                        .put("seconds", seconds));
        out.flush();
        return load.failed() == 0 && notSeen.isEmpty() ? 0 : BenchMain.EXIT_BROKEN;
    }
}
