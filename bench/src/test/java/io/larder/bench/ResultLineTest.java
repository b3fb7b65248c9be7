package io.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ResultLineTest {
    @Test
    void toString_isNameThenPairsInTheirOrder() {
        ResultLine line =
                ResultLine.of("ycsb")
                        .put("workload", "a")
                        .put("failed", 0)
                        .put("throughput", 1234.56, 1)
                        .put("p99_micros", 0.5, 3);

        assertThat(line)
                .hasToString("RESULT ycsb workload=a failed=0 throughput=1234.6 p99_micros=0.500");
    }

    @Test
    void point_beginsWithPoint() {
        assertThat(ResultLine.point("wire").put("depth", 16)).hasToString("POINT wire depth=16");
    }

    @Test
    void put_valueWithSpace_isRefused() {
        ResultLine line = ResultLine.of("ycsb");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.put("reason", "not known"))
                .withMessageContaining("reason: \"not known\"");
    }

    @Test
    void put_keyWithUpperCase_isRefused() {
        ResultLine line = ResultLine.of("ycsb");

        assertThatIllegalArgumentException().isThrownBy(() -> line.put("opsPerSecond", 1));
    }

    @Test
    void put_sameKeyTwice_isRefused() {
        ResultLine line = ResultLine.of("ycsb").put("failed", 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.put("failed", 1))
                .withMessageContaining("one not yet put");
    }
}
