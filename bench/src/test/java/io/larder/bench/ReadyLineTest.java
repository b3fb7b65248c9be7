package io.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ReadyLineTest {
    @Test
    void parse_namesEachListener() {
        ReadyLine ready = ReadyLine.parse("READY data=127.0.0.1:7170 admin=127.0.0.1:7171");

        assertThat(ready.data()).isEqualTo("127.0.0.1:7170");
        assertThat(ready.listeners()).containsEntry("admin", "127.0.0.1:7171").hasSize(2);
    }

    @Test
    void parse_withoutData_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReadyLine.parse("READY admin=127.0.0.1:7171"));
    }

    @Test
    void matches_isFalseForALog() {
        assertThat(ReadyLine.matches("starting")).isFalse();
    }
}
