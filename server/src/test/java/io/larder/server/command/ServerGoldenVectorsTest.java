package io.larder.server.command;

import static io.larder.protocol.ExtensionType.CALLER_VERSION;
import static io.larder.protocol.ExtensionType.CLIENT_FLAGS;
import static io.larder.protocol.ExtensionType.FORMAT;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.protocol.RequestFlag.LEASE_ON_MISS;
import static io.larder.protocol.RequestFlag.NEGATIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.GoldenVector;
import io.larder.protocol.GoldenVectors;
import io.larder.protocol.Opcode;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the protocol's examples say a server answers is what this one does, byte by byte. */
class ServerGoldenVectorsTest {
    /** What each example takes for given. */
    private static final Map<String, Consumer<CommandFixture>> GIVEN =
            Map.ofEntries(
                    Map.entry("append_ok", ServerGoldenVectorsTest::kIsV),
                    Map.entry("batch_empty", ServerGoldenVectorsTest::nothing),
                    Map.entry("batch_mixed", ServerGoldenVectorsTest::nothing),
                    Map.entry("clear_prefix", ServerGoldenVectorsTest::nothing),
                    Map.entry("clear_tag", ServerGoldenVectorsTest::nothing),
                    Map.entry("delete_miss", ServerGoldenVectorsTest::nothing),
                    Map.entry("delete_ok", ServerGoldenVectorsTest::kIsV),
                    Map.entry("error_keyLength", ServerGoldenVectorsTest::nothing),
                    Map.entry("error_unknownExtension", ServerGoldenVectorsTest::nothing),
                    Map.entry("error_unknownOpcode", ServerGoldenVectorsTest::nothing),
                    Map.entry(
                            "export_page",
                            fixture -> fixture.send(RequestFrame.set("user:1", "v"))),
                    Map.entry("getAndTouch_hit", ServerGoldenVectorsTest::kIsV),
                    Map.entry("get_hit", ServerGoldenVectorsTest::kIsV),
                    Map.entry("get_leaseOther", ServerGoldenVectorsTest::kIsLeased),
                    Map.entry("get_leaseYours", fixture -> nextVersion(fixture, 77)),
                    Map.entry("get_meta", ServerGoldenVectorsTest::inRegionSeven),
                    Map.entry(
                            "get_negative",
                            fixture -> fixture.send(RequestFrame.set("k", "").flags(NEGATIVE))),
                    Map.entry("get_notModified", fixture -> versioned(fixture, 9)),
                    Map.entry("get_refreshYours", ServerGoldenVectorsTest::kIsStale),
                    Map.entry("get_stale", ServerGoldenVectorsTest::kIsStale),
                    Map.entry("get_quietMiss", ServerGoldenVectorsTest::nothing),
                    Map.entry("get_trackRefused", ServerGoldenVectorsTest::kIsV),
                    Map.entry("increment_new", ServerGoldenVectorsTest::nothing),
                    Map.entry("increment_notANumber", ServerGoldenVectorsTest::kIsV),
                    Map.entry("noop", ServerGoldenVectorsTest::nothing),
                    Map.entry("ping", ServerGoldenVectorsTest::nothing),
                    Map.entry("prepend_miss", ServerGoldenVectorsTest::nothing),
                    Map.entry("release_ok", ServerGoldenVectorsTest::kIsLeased),
                    Map.entry(
                            "scan_from", fixture -> fixture.send(RequestFrame.set("user:2", "v"))),
                    Map.entry("set_checksum", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_checksumMismatch", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_exists", ServerGoldenVectorsTest::kIsV),
                    Map.entry("set_format", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_expireAt", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_fill", ServerGoldenVectorsTest::kIsLeased),
                    Map.entry("set_negative", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_never", ServerGoldenVectorsTest::nothing),
                    Map.entry(
                            "set_notNewer",
                            fixture ->
                                    fixture.send(
                                            RequestFrame.set("k", "v").with(CALLER_VERSION, 5))),
                    Map.entry("set_notStored", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_quiet", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_returnMeta", fixture -> nextVersion(fixture, 11)),
                    Map.entry("set_softTtl", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_tags", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_ttl", ServerGoldenVectorsTest::nothing),
                    Map.entry("set_versionMismatch", fixture -> versioned(fixture, 10)),
                    Map.entry("touch_ok", ServerGoldenVectorsTest::kIsV));

    /** Examples that this server cannot be brought to, and why; their handlers' tests stand in. */
    private static final Map<String, String> NOT_HERE =
            Map.ofEntries(
                    Map.entry("clear_ok", "its region's id is higher than ids get here"),
                    Map.entry("openRegion_ok", "its region's id is higher than ids get here"),
                    Map.entry("openRegion_unknown", "regions need no configuration here"),
                    Map.entry("scan_page", "this server has its own cursors"),
                    Map.entry("stats_ok", "this server has its own statistics"),
                    Map.entry("get_miss", "this server does not measure its time"),
                    Map.entry("error_busy", "this server advises another time"),
                    Map.entry("error_tooLarge", "over a socket, in FrameFaultsTest"),
                    Map.entry("fatal_badFrame", "over a socket, in FrameFaultsTest"),
                    Map.entry("fatal_badMagic", "over a socket, in FrameFaultsTest"),
                    Map.entry("get_checksum", "with the feature checksums, in ChecksumCheckTest"),
                    Map.entry("auth_token", "with users, in AuthGoldenVectorsTest"),
                    Map.entry("auth_failed", "with users, in AuthGoldenVectorsTest"),
                    Map.entry("auth_required", "with users, in AuthGoldenVectorsTest"),
                    Map.entry("auth_forbidden", "with users, in AuthGoldenVectorsTest"),
                    Map.entry("sync", "with the feature push, in PushGoldenVectorsTest"),
                    Map.entry("get_track", "with the feature push, in PushGoldenVectorsTest"),
                    Map.entry("push_invalidate", "with the feature push, in PushGoldenVectorsTest"),
                    Map.entry(
                            "push_invalidateAll",
                            "with the feature push, in PushGoldenVectorsTest"),
                    Map.entry("push_hotKey", "with the feature push, in PushGoldenVectorsTest"));

    private static void nothing(CommandFixture fixture) {
        assertThat(fixture.session.isOpen()).isTrue();
    }

    private static void kIsV(CommandFixture fixture) {
        fixture.send(RequestFrame.set("k", "v"));
    }

    private static void kIsLeased(CommandFixture fixture) {
        nextVersion(fixture, 77);
        fixture.send(RequestFrame.get("k").flags(LEASE_ON_MISS));
    }

    private static void kIsStale(CommandFixture fixture) {
        Mutation mutation = new Mutation();
        int space = fixture.regions.space(RegionTable.DEFAULT_ID);
        mutation.key.wrap(fixture.store.hasher(), space, new byte[] {'k'});
        mutation.value.wrap(new byte[] {'v'}, 0, 1);
        mutation.softExpiryMillis = 0;
        fixture.store.put(mutation, 0);
        nextVersion(fixture, 77);
    }

    private static void versioned(CommandFixture fixture, long version) {
        nextVersion(fixture, version);
        fixture.send(RequestFrame.set("k", "v"));
    }

    private static void nextVersion(CommandFixture fixture, long version) {
        fixture.nowMillis = 0;
        fixture.store.nextVersion(version);
    }

    private static void inRegionSeven(CommandFixture fixture) {
        for (int i = 1; i <= 7; i++) {
            fixture.send(RequestFrame.of(Opcode.OPEN_REGION, "r" + i));
        }
        nextVersion(fixture, 0x0123456789ABL);
        fixture.send(
                RequestFrame.set("k", "v")
                        .region(7)
                        .with(CLIENT_FLAGS, 0xCAFEBABEL)
                        .with(FORMAT, 0x21)
                        .with(TTL, 1500));
    }

    static List<GoldenVector> vectors() {
        return GoldenVectors.all().stream()
                .filter(vector -> GIVEN.containsKey(vector.name()))
                .toList();
    }

    @Test
    void everyVector_isHeldToOrSaysWhyNot() {
        assertThat(GoldenVectors.all())
                .extracting(GoldenVector::name)
                .allSatisfy(
                        name ->
                                assertThat(
                                                name.equals("hello")
                                                        || GIVEN.containsKey(name)
                                                        || NOT_HERE.containsKey(name))
                                        .describedAs(name)
                                        .isTrue());
    }

    @Test
    void hello_isAnsweredAsWritten() {
        GoldenVector vector = GoldenVectors.load("hello");
        assertThat(new CommandFixture().exchange(vector.request())).isEqualTo(vector.reply());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void request_isAnsweredAsWritten(GoldenVector vector) {
        CommandFixture fixture = CommandFixture.open();
        Consumer<CommandFixture> given = GIVEN.get(vector.name());
        given.accept(fixture);
        assertThat(fixture.exchange(vector.request())).isEqualTo(vector.reply());
    }
}
