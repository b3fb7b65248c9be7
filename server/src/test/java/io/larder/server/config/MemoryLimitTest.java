package io.larder.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {
    private static final long MACHINE_BYTES = 1000;

    @TempDir Path directory;

    @Test
    void limit_withoutControlGroups_isTheMachines() {
        assertThat(MemoryLimit.bytes(directory.resolve("none"), directory, MACHINE_BYTES))
                .isEqualTo(MACHINE_BYTES);
    }

    @Test
    void limit_ofVersion2_isTheLeastUpwards() throws IOException {
        write("self", "0::/a/b\n");
        write("group/a/b/memory.max", "max\n");
        write("group/a/memory.max", "300\n");
        write("group/memory.max", "700\n");

        assertThat(limit()).isEqualTo(300);
    }

    @Test
    void limit_ofVersion1_isTheMemoryControllers() throws IOException {
        write("self", "5:cpu,cpuacct:/x\n4:memory:/a\n0::/\n");
        write("group/memory/a/memory.limit_in_bytes", "400\n");
        write("group/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("group/cpu,cpuacct/x/memory.limit_in_bytes", "1\n");

        assertThat(limit()).isEqualTo(400);
    }

    @Test
    void limit_whosePathIsTheHosts_isReadAtTheMountsRoot() throws IOException {
        write("self", "4:memory:/docker/0123abc\n");
        write("group/memory/memory.limit_in_bytes", "500\n");

        assertThat(limit()).isEqualTo(500);
    }

    @Test
    void limit_aboveTheMachines_isTheMachines() throws IOException {
        write("self", "0::/../..\n");
        write("group/memory.max", "5000\n");
        write("memory.max", "1\n");

        assertThat(limit()).isEqualTo(MACHINE_BYTES);
    }

    @Test
    void limit_ofThisProcess_isPositive() {
        assertThat(MemoryLimit.bytes()).isPositive();
    }

    private long limit() {
        return MemoryLimit.bytes(
                directory.resolve("self"), directory.resolve("group"), MACHINE_BYTES);
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
