package io.larder.server.command;

import static io.larder.protocol.ExtensionType.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCommandsTest {
    private final CommandFixture fixture = new CommandFixture();

    private static RequestFrame hello(int versionMin, int versionMax, String name) {
        ByteBuf out = Unpooled.buffer();
        new HelloRequest(versionMin, versionMax, name, List.of("trace")).write(out);
        return RequestFrame.of(Opcode.HELLO).value(ByteBufUtil.getBytes(out));
    }

    @Test
    void hello_first_opensTheSession() {
        ReplyFrame reply = fixture.send(hello(0, 255, "demo"));
        assertThat(reply.status()).isEqualTo(Status.OK);
        HelloResponse response =
                HelloResponse.read(Unpooled.wrappedBuffer(reply.value()), 0, reply.value().length);
        assertThat(response)
                .isEqualTo(
                        new HelloResponse(
                                1,
                                HelloLimits.DEFAULT,
                                CommandFixture.BOOT_ID,
                                "0.1.0",
                                List.of()));
        assertThat(fixture.session.isOpen()).isTrue();
        assertThat(fixture.session.clientName()).isEqualTo("demo");
    }

    @Test
    void hello_ofOtherVersionsOnly_isFatal() {
        ReplyFrame reply = fixture.send(hello(2, 3, "demo"));
        assertThat(reply.status()).isEqualTo(Status.BAD_VERSION);
        assertThat(reply.text()).isEqualTo("versions: 2..3 (expected: a range with 1)");
        assertThat(fixture.session.isClosing()).isTrue();
    }

    @Test
    void hello_malformed_isRefusedAndMayBeSaidAgain() {
        ReplyFrame reply = fixture.send(RequestFrame.of(Opcode.HELLO).value(new byte[3]));
        assertThat(reply.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(reply.text()).startsWith("reserved: 1 bytes left");
        fixture.greet();
    }

    @Test
    void hello_twice_isRefused() {
        fixture.greet();
        assertThat(fixture.send(RequestFrame.hello()).status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(fixture.session.isClosing()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x02, 0x04, 0x10, 0x20, 0x30, 0x31, 0x40, 0x42, 0x7F, 0x80, 0xFF})
    void anythingButPing_beforeHello_isFatal(int opcode) {
        ReplyFrame reply = fixture.send(RequestFrame.of(opcode));
        assertThat(reply.status()).isEqualTo(Status.HELLO_REQUIRED);
        assertThat(fixture.session.isClosing()).isTrue();
    }

    @Test
    void ping_beforeHello_isAnswered() {
        assertThat(fixture.send(RequestFrame.of(Opcode.PING)).status()).isEqualTo(Status.OK);
        assertThat(fixture.session.isClosing()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"PING", "NOOP", "STATS", "CLEAR", "OPEN_REGION"})
    void control_withAValueOfNoUse_isRefused(Opcode opcode) {
        fixture.greet();
        ReplyFrame reply = fixture.send(RequestFrame.of(opcode).value("x"));
        assertThat(reply.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(reply.text()).isEqualTo("valueLength: 1 (expected: 0)");
    }

    @ParameterizedTest
    @EnumSource(names = {"PING", "NOOP", "STATS"})
    void control_withAKeyOfNoUse_isRefused(Opcode opcode) {
        fixture.greet();
        assertThat(fixture.send(RequestFrame.of(opcode, "x")).text())
                .isEqualTo("keyLength: 1 (expected: 0)");
    }

    @Test
    void noop_comesAfterTheRepliesBeforeIt() {
        fixture.greet();
        List<ReplyFrame> replies =
                fixture.sendAll(RequestFrame.get("k").id(1), RequestFrame.of(Opcode.NOOP).id(2));
        assertThat(replies).extracting(ReplyFrame::id).containsExactly(1, 2);
    }

    @Test
    void openRegion_new_keepsItsItemsApart() {
        fixture.greet();
        int region = ByteBuffer.wrap(openRegion("sessions").value()).getShort();
        assertThat(region).isNotZero();
        assertThat(openRegion("sessions").value()).isEqualTo(openRegion("sessions").value());
        fixture.send(RequestFrame.set("k", "default"));
        fixture.send(RequestFrame.set("k", "other").region(region));
        assertThat(fixture.send(RequestFrame.get("k")).text()).isEqualTo("default");
        assertThat(fixture.send(RequestFrame.get("k").region(region)).text()).isEqualTo("other");
    }

    private ReplyFrame openRegion(String name) {
        return fixture.send(RequestFrame.of(Opcode.OPEN_REGION, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "with space", "ümlaut", "\u0000", "a/b"})
    void openRegion_ofABadName_isRefused(String name) {
        fixture.greet();
        assertThat(openRegion(name).status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(openRegion("a".repeat(65)).text()).isEqualTo("nameLength: 65 (expected: 1..64)");
        assertThat(openRegion("a".repeat(64)).status()).isEqualTo(Status.OK);
    }

    @Test
    void openRegion_whenThereAreTooMany_namesTheLimit() {
        fixture.greet();
        for (int i = 1; i < RegionTable.REGIONS_MAX; i++) {
            assertThat(openRegion("r" + i).status()).isEqualTo(Status.OK);
        }
        ReplyFrame reply = openRegion("one.too.many");
        assertThat(reply.status()).isEqualTo(Status.UNKNOWN_REGION);
        assertThat(reply.number(LIMIT)).isEqualTo(RegionTable.REGIONS_MAX);
    }

    @Test
    void region_unknown_isRefusedInAnyRequest() {
        fixture.greet();
        for (Opcode opcode : List.of(Opcode.GET, Opcode.SET, Opcode.CLEAR, Opcode.PING)) {
            for (int region : new int[] {1, 1024, 0x8000, 0xFFFF}) {
                ReplyFrame reply = fixture.send(RequestFrame.of(opcode, "k").region(region));
                assertThat(reply.status()).isEqualTo(Status.UNKNOWN_REGION);
            }
        }
    }

    @Test
    void clear_emptiesItsRegionOnly() {
        fixture.greet();
        int region = ByteBuffer.wrap(openRegion("other").value()).getShort();
        fixture.send(RequestFrame.set("k", "default"));
        fixture.send(RequestFrame.set("k", "other").region(region));
        List<ReplyFrame> replies =
                fixture.sendAll(
                        RequestFrame.get("k").region(region),
                        RequestFrame.of(Opcode.CLEAR).region(region),
                        RequestFrame.get("k").region(region),
                        RequestFrame.get("k"));
        assertThat(replies)
                .extracting(ReplyFrame::status)
                .containsExactly(Status.OK, Status.OK, Status.MISS, Status.OK);
    }

    private static RequestFrame tagged(RequestFrame frame, String... tags) {
        ByteBuf out = Unpooled.buffer();
        Extensions.writeTags(out, List.of(tags));
        return frame.extensions(ByteBufUtil.getBytes(out));
    }

    private Status get(String key) {
        return fixture.send(RequestFrame.get(key)).status();
    }

    @Test
    void clear_byPrefix_emptiesWhatIsUnderIt() {
        fixture.greet();
        fixture.sendAll(RequestFrame.set("user:1", "a"), RequestFrame.set("users", "b"));

        ReplyFrame reply = fixture.send(RequestFrame.of(Opcode.CLEAR, "user:"));

        assertThat(reply.status()).isEqualTo(Status.OK);
        assertThat(get("user:1")).isEqualTo(Status.MISS);
        assertThat(get("users")).isEqualTo(Status.OK);
    }

    @Test
    void clear_byTag_emptiesWhatCarriesIt() {
        fixture.greet();
        fixture.sendAll(
                tagged(RequestFrame.set("a", "1"), "red"),
                tagged(RequestFrame.set("b", "2"), "green", "red"),
                tagged(RequestFrame.set("c", "3"), "green"));

        ReplyFrame reply = fixture.send(tagged(RequestFrame.of(Opcode.CLEAR), "red"));

        assertThat(reply.status()).isEqualTo(Status.OK);
        assertThat(get("a")).isEqualTo(Status.MISS);
        assertThat(get("b")).isEqualTo(Status.MISS);
        assertThat(get("c")).isEqualTo(Status.OK);
    }

    @Test
    void clear_byTagAndPrefix_orByTwoTags_isRefused() {
        fixture.greet();
        assertThat(fixture.send(tagged(RequestFrame.of(Opcode.CLEAR, "user:"), "red")).text())
                .isEqualTo("prefixLength: 5 (expected: 0, there is a tag)");
        assertThat(fixture.send(tagged(RequestFrame.of(Opcode.CLEAR), "red", "green")).text())
                .isEqualTo("tags: none or several (expected: one)");
        assertThat(fixture.send(tagged(RequestFrame.of(Opcode.CLEAR))).status())
                .isEqualTo(Status.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "0261", "0161 00", "41", "0161016201630164016501660167016801 69"})
    void tags_malformed_areRefused(String hex) {
        fixture.greet();
        byte[] bytes = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
        ReplyFrame reply =
                fixture.send(RequestFrame.set("a", "1").with(ExtensionType.TAGS.code(), bytes));
        assertThat(reply.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(reply.text())
                .isEqualTo(
                        "extension: TAGS (expected: once, 0..8 tags of 1..64 bytes, each after its"
                                + " length)");
        assertThat(get("a")).isEqualTo(Status.MISS);
    }

    @Test
    void stats_areTheRegistrysLines() {
        fixture.metrics.register("answers", "How many", () -> 42);
        fixture.metrics.registerDouble("ratio", "How much", () -> 0.5);
        fixture.greet();
        assertThat(fixture.send(RequestFrame.of(Opcode.STATS)).text())
                .contains("answers 42\n", "ratio 0.5\n");
    }

    @Test
    void stats_ofARegion_areItsOwn() {
        fixture.greet();
        int users = ByteBuffer.wrap(openRegion("users").value()).getShort();
        fixture.send(RequestFrame.set("k", "v").region(users));
        fixture.send(RequestFrame.get("k").region(users));
        fixture.send(RequestFrame.get("absent").region(users));
        fixture.send(RequestFrame.get("absent"));

        assertThat(fixture.send(RequestFrame.of(Opcode.STATS).region(users)).text())
                .contains("items 0\n", "hits 1\n", "misses 1\n", "evictions 0\n");
    }

    @Test
    void regionNames_areAsLongAsTheProtocolSays() {
        assertThat(RegionTable.NAME_BYTES_MAX).isEqualTo(ProtocolLimits.REGION_NAME_BYTES_MAX);
        assertThat(RegionTable.DEFAULT_ID).isEqualTo(ProtocolLimits.REGION_ID_DEFAULT);
    }
}
