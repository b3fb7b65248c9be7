package io.larder.client.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadOptionsTest {
    @Test
    void options_keepWhatWasNamedBefore() {
        LoadOptions options =
                LoadOptions.DEFAULT
                        .ttl(Duration.ofMinutes(5))
                        .softTtl(Duration.ofMinutes(1))
                        .negativeTtl(Duration.ofSeconds(10))
                        .leaseTime(Duration.ofSeconds(30))
                        .timeout(Duration.ofSeconds(40));

        assertThat(options.storing().ttl()).isEqualTo(Ttl.ofMillis(300_000));
        assertThat(options.storing().softTtl()).isEqualTo(Ttl.ofMillis(60_000));
        assertThat(options.negativeTtl()).isEqualTo(Ttl.ofMillis(10_000));
        assertThat(options.leaseMillis()).isEqualTo(30_000);
        assertThat(options.timeoutMillis()).isEqualTo(40_000);
    }

    @Test
    void valueOutOfRange_isRefusedByName() {
        assertThatThrownBy(() -> LoadOptions.DEFAULT.leaseTime(Duration.ofSeconds(301)))
                .hasMessage("leaseMillis: 301000 (expected: 1..300000)");
        assertThatThrownBy(() -> LoadOptions.DEFAULT.timeout(Duration.ZERO))
                .hasMessage("timeoutMillis: 0 (expected: 1..86400000)");
        assertThatThrownBy(() -> LoadOptions.DEFAULT.storing(PutOptions.DEFAULT.onlyIfAbsent()))
                .hasMessage("storing.condition: ONLY_IF_ABSENT (expected: ALWAYS)");
        assertThatThrownBy(() -> PutOptions.DEFAULT.softTtl(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
