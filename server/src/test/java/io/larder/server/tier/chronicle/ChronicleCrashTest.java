package io.larder.server.tier.chronicle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.store.Key;
import io.larder.server.store.ReadStatus;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of its writes loses none that it had acknowledged. */
@Tag("slow")
@Timeout(120)
class ChronicleCrashTest {
    private static final int CYCLES = 2;
    private static final int WRITES_PER_CYCLE = 4_000;

    @TempDir Path directory;

    private final Map<Integer, String> expected = new HashMap<>();

    @Test
    void killedServer_losesNoAcknowledgedWrite_andNothingComesBack() throws Exception {
        Path file = directory.resolve("vault.map");
        int next = 1;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            next = runAndKill(file, next);
            verify(file, next++);
        }
    }

    /** Returns the number of the write that may have been under way. */
    private int runAndKill(Path file, int first) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-") || option.startsWith("-Dchronicle"))
                .forEach(command::add);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(CrashingWriter.class.getName(), file.toString(), "" + first));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(directory.resolve("errors").toFile())
                        .redirectOutput(Redirect.PIPE)
                        .start();
        int last = first - 1;
        try (DataInputStream acknowledged = new DataInputStream(process.getInputStream())) {
            try {
                while (true) {
                    int write = acknowledged.readInt();
                    assertThat(write).isEqualTo(last + 1);
                    note(write);
                    last = write;
                    if (last - first == WRITES_PER_CYCLE) {
                        process.toHandle().destroyForcibly(); // its output stays open
                    }
                }
            } catch (EOFException killed) {
                process.waitFor();
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(last - first)
                .as(Files.readString(directory.resolve("errors")))
                .isGreaterThanOrEqualTo(WRITES_PER_CYCLE);
        return last + 1;
    }

    private void note(int write) {
        String value = CrashingWriter.valueOf(write);
        if (value == null) {
            expected.remove(CrashingWriter.keyOf(write));
        } else {
            expected.put(CrashingWriter.keyOf(write), value);
        }
    }

    private void verify(Path file, int underWay) throws IOException {
        try (ChronicleStore store = CrashingWriter.open(file)) {
            for (int key = 0; key < CrashingWriter.KEYS; key++) {
                String found = get(store, key);
                String wanted = expected.get(key);
                if (key == CrashingWriter.keyOf(underWay)) {
                    assertThat(found).isIn(wanted, CrashingWriter.valueOf(underWay), null);
                } else {
                    assertThat(found).as("key " + key).isEqualTo(wanted);
                }
            }
            CrashingWriter.write(store, underWay); // now it is certain
            note(underWay);
        }
    }

    private static @Nullable String get(ChronicleStore store, int key) {
        @Nullable String[] value = new String[1];
        ReadStatus status =
                store.get(
                        new Key().wrap(store.hasher(), 2, CrashingWriter.key(key)),
                        1_000,
                        item -> {
                            byte[] bytes = new byte[item.valueLength()];
                            item.copyTo(bytes, 0);
                            value[0] = new String(bytes, ISO_8859_1);
                        });
        return status == ReadStatus.HIT ? value[0] : null;
    }
}
