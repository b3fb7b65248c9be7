package io.larder.server.command;

import static io.larder.protocol.ExtensionType.EXPIRE_AT;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.server.command.Lifetime.EXPIRY_LAST_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Extensions;
import io.larder.protocol.Opcode;
import io.larder.server.store.Clock;
import io.larder.server.store.Mutation;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {
    private static final long NOW = 1_000_000;

    private static long expiry(RequestFrame frame, long defaultTtlMillis) {
        Request request = new Request();
        request.wrap(Unpooled.wrappedBuffer(frame.bytes()), 0);
        assertThat(request.readExtensions()).isEqualTo(Extensions.Step.END);
        return Lifetime.expiryMillis(request, NOW, defaultTtlMillis);
    }

    private static RequestFrame set() {
        return RequestFrame.of(Opcode.SET, "k");
    }

    @Test
    void ttl_isRelative() {
        assertThat(expiry(set().with(TTL, 1), 0)).isEqualTo(NOW + 1);
        assertThat(expiry(set().with(TTL, 31L * 24 * 3_600_000), 0))
                .isEqualTo(NOW + 31L * 24 * 3_600_000);
    }

    @Test
    void ttl_absentOrZero_isTheRegionsDefault() {
        assertThat(expiry(set(), 0)).isEqualTo(Mutation.NEVER);
        assertThat(expiry(set().with(TTL, 0), 0)).isEqualTo(Mutation.NEVER);
        assertThat(expiry(set(), 500)).isEqualTo(NOW + 500);
        assertThat(expiry(set().with(TTL, 0), 500)).isEqualTo(NOW + 500);
    }

    @Test
    void ttl_allOnes_isNever() {
        assertThat(expiry(set().with(TTL, -1), 500)).isEqualTo(Mutation.NEVER);
    }

    @ParameterizedTest
    @ValueSource(longs = {EXPIRY_LAST_MILLIS, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -2})
    void ttl_beyondTheEnd_isCutOffShortOfNever(long ttlMillis) {
        assertThat(expiry(set().with(TTL, ttlMillis), 0)).isEqualTo(EXPIRY_LAST_MILLIS);
        assertThat(EXPIRY_LAST_MILLIS).isLessThan(Mutation.NEVER);
    }

    @Test
    void expireAt_isUnixTime() {
        long unixMillis = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();
        assertThat(expiry(set().with(EXPIRE_AT, unixMillis), 500))
                .isEqualTo(unixMillis - Clock.EPOCH_UNIX_MILLIS);
        assertThat(Instant.ofEpochMilli(Clock.EPOCH_UNIX_MILLIS))
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void expireAt_beforeTheEpoch_isLongPast() {
        assertThat(expiry(set().with(EXPIRE_AT, 0), 0)).isZero();
        assertThat(expiry(set().with(EXPIRE_AT, Clock.EPOCH_UNIX_MILLIS - 1), 0)).isZero();
        assertThat(expiry(set().with(EXPIRE_AT, Clock.EPOCH_UNIX_MILLIS + 1), 0)).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void expireAt_beyondTheEnd_isCutOffShortOfNever(long unixMillis) {
        assertThat(expiry(set().with(EXPIRE_AT, unixMillis), 0)).isEqualTo(EXPIRY_LAST_MILLIS);
    }
}
