package io.larder.server.command;

import static io.larder.protocol.ExtensionType.LIMIT;
import static io.larder.protocol.ExtensionType.RETRY_AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.limit.ServerLimits;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What requests meet of the limits that all connections share. */
class LimitCheckTest {
    private static CommandFixture without(Set<CommandGroup> groups) {
        return new CommandFixture(ServerLimits.of(new DisabledCommands(groups))).greet();
    }

    private static RequestFrame request(CommandGroup group) {
        return switch (group) {
            case READ -> RequestFrame.get("k");
            case WRITE -> RequestFrame.set("k", "v");
            case SCAN -> RequestFrame.of(Opcode.SCAN).value(new byte[12]);
            case FLUSH -> RequestFrame.of(Opcode.CLEAR);
            default -> RequestFrame.of(Opcode.STATS);
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = CommandGroup.class,
            names = {"READ", "WRITE", "SCAN", "FLUSH", "STATS"})
    void disabledGroup_isUnsupported_andTheOthersAreNot(CommandGroup off) {
        CommandFixture fixture = without(EnumSet.of(off));
        for (CommandGroup group : EnumSet.range(CommandGroup.READ, CommandGroup.STATS)) {
            Status status = fixture.send(request(group)).status();
            if (group == off) {
                assertThat(status).isEqualTo(Status.UNSUPPORTED);
            } else {
                assertThat(status).isIn(Status.OK, Status.MISS);
            }
        }
    }

    @Test
    void everyOpcodeAboutItems_isTurnedOffByReadAndWrite() {
        CommandFixture fixture = without(EnumSet.of(CommandGroup.READ, CommandGroup.WRITE));
        for (Opcode opcode :
                List.of(
                        Opcode.GET,
                        Opcode.GET_AND_TOUCH,
                        Opcode.RELEASE,
                        Opcode.SET,
                        Opcode.DELETE,
                        Opcode.TOUCH,
                        Opcode.INCREMENT,
                        Opcode.APPEND,
                        Opcode.PREPEND)) {
            assertThat(fixture.send(RequestFrame.of(opcode, "k")).status())
                    .as(opcode.name())
                    .isEqualTo(Status.UNSUPPORTED);
        }
        assertThat(fixture.send(RequestFrame.of(Opcode.PING)).status()).isEqualTo(Status.OK);
        assertThat(fixture.send(RequestFrame.of(Opcode.NOOP)).status()).isEqualTo(Status.OK);
    }

    @Test
    void rate_isTold_withLimitAndRetryAfter() {
        ServerLimits limits = ServerLimits.none();
        limits.rates().reconfigure(Map.of(CommandGroup.READ, 3));
        CommandFixture fixture = new CommandFixture(limits).greet();
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
        }
        ReplyFrame refused = fixture.send(RequestFrame.get("k"));
        assertThat(refused.status()).isEqualTo(Status.BUSY);
        assertThat(refused.number(LIMIT)).isEqualTo(3);
        assertThat(refused.number(RETRY_AFTER)).isBetween(1L, 335L);
        assertThat(refused.text()).startsWith("rate of read: ").contains("at most 3 a second");
        assertThat(fixture.send(RequestFrame.set("k", "v")).status()).isEqualTo(Status.OK);
    }

    @Test
    void rate_countsEachRequestOfABatch() {
        ServerLimits limits = ServerLimits.none();
        limits.rates().reconfigure(Map.of(CommandGroup.WRITE, 2));
        CommandFixture fixture = new CommandFixture(limits).greet();
        ReplyFrame batch =
                fixture.send(
                        RequestFrame.batch(
                                RequestFrame.set("a", "1"),
                                RequestFrame.set("b", "2"),
                                RequestFrame.set("c", "3"),
                                RequestFrame.get("a")));
        assertThat(ReplyFrame.all(batch.value()))
                .extracting(ReplyFrame::status)
                .containsExactly(Status.OK, Status.OK, Status.BUSY, Status.OK);
    }

    @Test
    void tooMuchInFlight_isBusyWithItsLimit_butForTheConversation() {
        ServerLimits limits = ServerLimits.none();
        limits.inFlight().bytesMax(1 << 20);
        CommandFixture fixture = new CommandFixture(limits).greet();
        limits.inFlight().change(1 << 20);
        ReplyFrame refused = fixture.send(RequestFrame.get("k"));
        assertThat(refused.status()).isEqualTo(Status.BUSY);
        assertThat(refused.number(LIMIT)).isEqualTo(1 << 20);
        assertThat(refused.number(RETRY_AFTER)).isPositive();
        assertThat(refused.text()).startsWith("inFlightBytes: ");
        assertThat(fixture.send(RequestFrame.of(Opcode.PING)).status()).isEqualTo(Status.OK);
        limits.inFlight().change(-1);
        assertThat(fixture.send(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
    }
}
