package io.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {
    @Test
    void cpuMicros_isUserAndSystemTime_whateverTheName() {
        String stat = "42 (a ) b) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 30";

        assertThat(ProcessUsage.cpuMicros(stat)).isEqualTo(1_750_000);
    }

    @Test
    void machineCpuMicros_leavesOutIdleAndWaiting() {
        assertThat(ProcessUsage.machineCpuMicros("cpu  1 2 4 1000 2000 8 16 32 4000 0"))
                .isEqualTo(630_000);
        assertThat(ProcessUsage.machineCpuMicros()).isPositive();
    }

    @Test
    void kibibytes_readsTheLineOfThatName() {
        List<String> status = List.of("VmHWM:\t    2048 kB", "VmRSS:\t    1024 kB");

        assertThat(ProcessUsage.kibibytes(status, "VmRSS:")).isEqualTo(1024);
        assertThat(ProcessUsage.kibibytes(status, "VmSwap:")).isZero();
    }

    @Test
    void of_thisProcess_hasFigures() {
        ProcessUsage usage = ProcessUsage.of(ProcessHandle.current().pid());

        assertThat(usage.cpuMicros()).isPositive();
        assertThat(usage.residentBytes()).isPositive();
        assertThat(usage.residentBytesPeak()).isPositive();
    }

    @Test
    void of_noSuchProcess_saysSo() {
        assertThatThrownBy(() -> ProcessUsage.of(Long.MAX_VALUE))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("process " + Long.MAX_VALUE);
    }
}
