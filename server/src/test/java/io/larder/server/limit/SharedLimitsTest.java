package io.larder.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.config.ConfigKey;
import io.larder.server.config.Keys;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Connections by address, bytes in flight, and groups that are off. */
class SharedLimitsTest {
    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @Test
    void addresses_areCountedByThemselves_andForgotten() throws Exception {
        AddressLimit limit = new AddressLimit(2);
        assertThat(limit.tryEnter(address("10.0.0.1"))).isTrue();
        assertThat(limit.tryEnter(address("10.0.0.1"))).isTrue();
        assertThat(limit.tryEnter(address("10.0.0.1"))).isFalse();
        assertThat(limit.tryEnter(address("10.0.0.2"))).isTrue();
        limit.leave(address("10.0.0.1"));
        assertThat(limit.tryEnter(address("10.0.0.1"))).isTrue();
        limit.leave(address("10.0.0.1"));
        limit.leave(address("10.0.0.1"));
        limit.leave(address("10.0.0.2"));
        assertThat(limit.addresses()).isZero();
    }

    @Test
    void loopback_hasNoLimit_norHasAnybodyAtZero() throws Exception {
        AddressLimit limit = new AddressLimit(1);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.tryEnter(address("127.0.0.1"))).isTrue();
            assertThat(limit.tryEnter(address("::1"))).isTrue();
        }
        limit.connectionsMax(0);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.tryEnter(address("10.0.0.1"))).isTrue();
        }
    }

    @Test
    void inFlight_isFullAtItsLimit_andNotBelow() {
        InFlight inFlight = new InFlight(1_000);
        inFlight.change(999);
        assertThat(inFlight.isFull()).isFalse();
        inFlight.change(1);
        assertThat(inFlight.isFull()).isTrue();
        inFlight.change(-500);
        assertThat(inFlight.isFull()).isFalse();
        inFlight.bytesMax(500);
        assertThat(inFlight.isFull()).isTrue();
    }

    @Test
    void disabled_refusesItsGroups_andWhatHasNoGroupNever() {
        DisabledCommands disabled = new DisabledCommands(Set.of(CommandGroup.FLUSH));
        assertThat(disabled.refuses(CommandGroup.FLUSH)).isTrue();
        assertThat(disabled.refuses(CommandGroup.READ)).isFalse();
        assertThat(disabled.refuses(null)).isFalse();
    }

    @Test
    void everyGroup_canBeTurnedOff_andNothingElse() {
        ConfigKey<?> key = Keys.COMMANDS_DISABLED;
        assertThat(key.type().unit())
                .isEqualTo(
                        String.join(
                                ", ",
                                Arrays.stream(CommandGroup.values())
                                        .map(CommandGroup::word)
                                        .toList()));
        assertThat(EnumSet.allOf(CommandGroup.class))
                .allSatisfy(group -> assertThat(CommandGroup.of(group.word())).isSameAs(group));
        assertThat(CommandGroup.of("flushall")).isNull();
    }
}
