package io.larder.client.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.PutOptions.Condition;
import io.larder.protocol.ProtocolLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApiValuesTest {
    @Test
    void ttl_isRoundedUpToAMillisecond() {
        assertThat(Ttl.of(Duration.ofNanos(1)).millis()).isEqualTo(1);
        assertThat(Ttl.of(Duration.ofNanos(1_000_001)).millis()).isEqualTo(2);
        assertThat(Ttl.of(Duration.ofSeconds(3)).millis()).isEqualTo(3_000);
    }

    @Test
    void ttl_ofNothing_isRefused() {
        assertThatThrownBy(() -> Ttl.of(Duration.ZERO))
                .hasMessageContaining("ttl: PT0S (expected: above 0)");
        assertThatThrownBy(() -> Ttl.ofMillis(0))
                .hasMessageContaining("ttlMillis: 0 (expected: 1..)");
        assertThatThrownBy(() -> new Ttl(-2)).hasMessageContaining("ttlMillis: -2");
    }

    @Test
    void putOptions_keepWhatTheyWereNotTold() {
        PutOptions options = PutOptions.DEFAULT.ttlMillis(5).clientFlags(7).ifVersion(9);

        assertThat(options.ttl()).isEqualTo(Ttl.ofMillis(5));
        assertThat(options.clientFlags()).isEqualTo(7);
        assertThat(options.condition()).isEqualTo(Condition.IF_VERSION);
        assertThat(options.expectedVersion()).isEqualTo(9);
        assertThat(options.onlyIfAbsent().expectedVersion()).isZero();
        assertThat(options.onlyIfPresent().ttl()).isEqualTo(Ttl.ofMillis(5));
    }

    @Test
    void putOptions_ifVersionZero_isRefused() {
        assertThatThrownBy(() -> PutOptions.DEFAULT.ifVersion(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expectedVersion: 0 (expected: an item's version");
    }

    @Test
    void putOptions_haveOneConditionAtMost() {
        PutOptions options = PutOptions.DEFAULT.ifVersion(9).ifNewer(3);

        assertThat(options.condition()).isEqualTo(Condition.IF_NEWER);
        assertThat(options.callerVersion()).isEqualTo(3);
        assertThat(options.expectedVersion()).isZero();
        assertThat(options.onlyIfPresent().callerVersion()).isZero();
        assertThatThrownBy(() -> PutOptions.DEFAULT.ifNewer(0))
                .hasMessageContaining("callerVersion: 0 (expected: 1..)");
    }

    @Test
    void putOptions_tags_areWithinTheProtocolsLimits() {
        assertThat(PutOptions.TAGS_MAX).isEqualTo(ProtocolLimits.TAGS_MAX);
        assertThat(PutOptions.TAG_BYTES_MAX).isEqualTo(ProtocolLimits.TAG_BYTES_MAX);
        assertThat(PutOptions.DEFAULT.tags("a", "b").clientFlags(1).tags())
                .containsExactly("a", "b");
        assertThatThrownBy(
                        () -> PutOptions.DEFAULT.tags("1", "2", "3", "4", "5", "6", "7", "8", "9"))
                .hasMessageContaining("tags: 9 (expected: 0..8)");
        assertThatThrownBy(() -> PutOptions.DEFAULT.tags(""))
                .hasMessageContaining("tagBytes: 0 (expected: 1..64)");
        assertThatThrownBy(() -> PutOptions.DEFAULT.tags("\u00E9".repeat(33)))
                .hasMessageContaining("tagBytes: 66 (expected: 1..64)");
    }

    @Test
    void storedValue_formatOfMoreThanAByte_isRefused() {
        assertThatThrownBy(() -> new StoredValue(new byte[0], 256))
                .hasMessageContaining("format: 256 (expected: 0..255)");
    }

    @Test
    void keyResult_failed_throwsItsFailure() {
        LarderException reason = new TooManyRequestsException("full");

        assertThatThrownBy(() -> KeyResult.failed(reason).get()).isSameAs(reason);
        assertThat(KeyResult.of(1).get()).isEqualTo(1);
        assertThat(KeyResult.of(1).failure()).isEmpty();
    }

    @Test
    void entry_withoutEnd_hasNoDuration() {
        assertThat(new Entry<>("v", 1, Entry.NEVER_EXPIRES, 0).expiresIn()).isEmpty();
        assertThat(new Entry<>("v", 1, 1_500, 0).expiresIn()).hasValue(Duration.ofMillis(1_500));
    }

    @Test
    void ifChanged_isExactlyOneOfThree() {
        IfChanged<String> changed = IfChanged.changed(new Entry<>("v", 1, 1, 0));
        IfChanged<String> unchanged = IfChanged.unchanged();
        IfChanged<String> missing = IfChanged.missing();

        assertThat(changed.isChanged()).isTrue();
        assertThat(changed.isUnchanged() || changed.isMissing()).isFalse();
        assertThat(unchanged.isUnchanged()).isTrue();
        assertThat(unchanged.isChanged() || unchanged.isMissing()).isFalse();
        assertThat(missing.isMissing()).isTrue();
        assertThat(missing.isChanged() || missing.isUnchanged()).isFalse();
    }

    @Test
    void options_outOfRange_nameTheRange() {
        LarderOptions defaults = LarderOptions.DEFAULT;
        assertThatThrownBy(
                        () ->
                                new LarderOptions(
                                        0,
                                        defaults.connectTimeoutMillis(),
                                        defaults.silenceTimeoutMillis(),
                                        defaults.windowRequests(),
                                        defaults.windowBytes(),
                                        defaults.busyRetriesMax(),
                                        defaults.reconnectMillisMin(),
                                        defaults.reconnectMillisMax(),
                                        defaults.whenDisconnected(),
                                        defaults.retryWhenLost(),
                                        defaults.circuitFailurePercent(),
                                        defaults.connectionsPerServer(),
                                        defaults.eventLoopThreads(),
                                        defaults.hotKeyAgeMillisMax(),
                                        defaults.checksums(),
                                        null,
                                        null,
                                        null,
                                        null,
                                        defaults.clientName()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("requestTimeoutMillis: 0 (expected: 1..86400000)");
    }
}
