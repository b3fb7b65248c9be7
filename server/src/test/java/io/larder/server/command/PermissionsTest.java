package io.larder.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.AuthRequest;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.auth.UsersText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What of the binary protocol each right allows: every opcode that clients send has a row. */
class PermissionsTest {
    private static final List<String> RIGHTS =
            List.of("read", "write", "scan", "clear", "stats", "operate");
    private static final String KEY = "a/k";
    private static final Set<Status> NOT_ALLOWED = Set.of(Status.FORBIDDEN, Status.AUTH_REQUIRED);

    /**
     * One request.
     *
     * @param rights which of them it takes; none: it is for everybody who is known
     * @param narrow whether they may be had on keys that begin with a/ only
     */
    private record Row(Opcode opcode, RequestFrame frame, Set<String> rights, boolean narrow) {
        @Override
        public String toString() {
            return opcode + " takes " + rights;
        }
    }

    private static Row row(Opcode opcode, RequestFrame frame, boolean narrow, String... rights) {
        return new Row(opcode, frame, new TreeSet<>(Arrays.asList(rights)), narrow);
    }

    private static RequestFrame of(Opcode opcode) {
        return RequestFrame.of(opcode, KEY);
    }

    private static RequestFrame scan(Opcode opcode, String prefix) {
        return RequestFrame.of(opcode, prefix).value(new byte[12]);
    }

    static Stream<Row> rows() {
        byte[] tag = {1, 't'};
        return Stream.of(
                row(Opcode.HELLO, RequestFrame.hello(), false),
                row(Opcode.AUTH, RequestFrame.of(Opcode.AUTH), false),
                row(Opcode.PING, RequestFrame.of(Opcode.PING), false),
                row(Opcode.NOOP, RequestFrame.of(Opcode.NOOP), false),
                row(Opcode.CANCEL, RequestFrame.of(Opcode.CANCEL), false),
                row(Opcode.SYNC, RequestFrame.of(Opcode.SYNC), false),
                row(Opcode.GET, of(Opcode.GET), true, "read"),
                row(Opcode.GET, of(Opcode.GET).flags(RequestFlag.TRACK), true, "read"),
                row(
                        Opcode.GET,
                        of(Opcode.GET).flags(RequestFlag.LEASE_ON_MISS),
                        true,
                        "read",
                        "write"),
                row(
                        Opcode.GET,
                        of(Opcode.GET).flags(RequestFlag.SOFT_REFRESH),
                        true,
                        "read",
                        "write"),
                row(Opcode.GET_AND_TOUCH, of(Opcode.GET_AND_TOUCH), true, "read", "write"),
                row(
                        Opcode.RELEASE,
                        of(Opcode.RELEASE).with(ExtensionType.LEASE_TOKEN, 7),
                        true,
                        "write"),
                row(Opcode.SET, of(Opcode.SET), true, "write"),
                row(Opcode.DELETE, of(Opcode.DELETE), true, "write"),
                row(Opcode.TOUCH, of(Opcode.TOUCH), true, "write"),
                row(Opcode.INCREMENT, of(Opcode.INCREMENT), true, "read", "write"),
                row(Opcode.APPEND, of(Opcode.APPEND), true, "write"),
                row(Opcode.PREPEND, of(Opcode.PREPEND), true, "write"),
                row(Opcode.BATCH, RequestFrame.batch(), false),
                row(Opcode.SCAN, scan(Opcode.SCAN, "a/"), true, "scan"),
                row(Opcode.SCAN, scan(Opcode.SCAN, ""), false, "scan"),
                row(Opcode.EXPORT, scan(Opcode.EXPORT, ""), false, "scan", "read"),
                row(Opcode.CLEAR, RequestFrame.of(Opcode.CLEAR, "a/"), true, "clear"),
                row(Opcode.CLEAR, RequestFrame.of(Opcode.CLEAR), false, "clear"),
                row(
                        Opcode.CLEAR,
                        RequestFrame.of(Opcode.CLEAR).with(ExtensionType.TAGS.code(), tag),
                        false,
                        "clear"),
                row(Opcode.STATS, RequestFrame.of(Opcode.STATS), false, "stats"));
    }

    @TempDir private Path directory;

    private CommandFixture fixture;

    private void startWith(String rights, String... places) throws Exception {
        fixture =
                new CommandFixture(
                                new UsersText()
                                        .user("owner", "all", "*")
                                        .user("other", rights, places)
                                        .control(directory.resolve("users")))
                        .greet("push", "leases");
        authenticate("owner");
        assertThat(fixture.send(RequestFrame.set(KEY, "secret")).status()).isEqualTo(Status.OK);
        assertThat(fixture.send(RequestFrame.set("b/k", "secret")).status()).isEqualTo(Status.OK);
    }

    private void authenticate(String user) {
        ByteBuf step = Unpooled.buffer();
        new AuthRequest(AuthRequest.TOKEN, user.getBytes(StandardCharsets.UTF_8)).write(step);
        ReplyFrame reply =
                fixture.send(RequestFrame.of(Opcode.AUTH).value(ByteBufUtil.getBytes(step)));
        assertThat(reply.status()).isEqualTo(Status.OK);
    }

    private static String without(Set<String> taken) {
        List<String> left = new ArrayList<>(RIGHTS);
        left.removeAll(taken);
        return String.join(",", left);
    }

    @Test
    void everyOpcode_hasARow() {
        Set<Opcode> sent =
                Arrays.stream(Opcode.values())
                        .filter(opcode -> !opcode.isPush() && !opcode.isReserved())
                        .filter(opcode -> opcode != Opcode.OPEN_REGION) // has a test of its own
                        .collect(Collectors.toSet());
        assertThat(rows().map(Row::opcode).collect(Collectors.toSet())).isEqualTo(sent);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void withAllRightsButOneOfThese_itIsForbidden(Row row) throws Exception {
        for (String right : row.rights()) {
            startWith(without(Set.of(right)), "*");
            authenticate("other");
            byte[] reply = fixture.exchange(row.frame().bytes());

            assertThat(ReplyFrame.all(reply).get(0).status()).isEqualTo(Status.FORBIDDEN);
            assertThat(new String(reply, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
            if (row.opcode().isBatchable()) {
                reply = fixture.exchange(RequestFrame.batch(row.frame()).bytes());
                assertThat(new String(reply, StandardCharsets.ISO_8859_1))
                        .contains("right: not held")
                        .doesNotContain("secret");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void withThese_itIsAllowed(Row row) throws Exception {
        startWith(row.rights().isEmpty() ? "read" : String.join(",", row.rights()), "*");
        authenticate("other");

        assertThat(fixture.send(row.frame()).status()).isNotIn(NOT_ALLOWED);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void withThese_onOtherKeysOrInOtherRegions_itIsNot(Row row) throws Exception {
        for (String place : List.of("default:b/", "sessions", "default:a/k1")) {
            Set<String> rights = new TreeSet<>(row.rights());
            if (rights.isEmpty() || rights.contains("stats")) {
                return;
            }
            startWith(String.join(",", rights), place);
            authenticate("other");

            assertThat(fixture.send(row.frame()).status()).isEqualTo(Status.FORBIDDEN);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void withThese_onKeysThatBeginSo_itIsIfItIsAboutThem(Row row) throws Exception {
        if (row.rights().isEmpty() || row.rights().contains("stats")) {
            return;
        }
        startWith(String.join(",", row.rights()), "default:a/");
        authenticate("other");
        Status status = fixture.send(row.frame()).status();

        assertThat(status == Status.FORBIDDEN).isEqualTo(!row.narrow());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void beforeAuth_onlyHelloAuthAndPingAreAnswered(Row row) throws Exception {
        startWith("read", "*");
        fixture.session.access.become(null);
        boolean isFree = Set.of(Opcode.HELLO, Opcode.AUTH, Opcode.PING).contains(row.opcode());

        assertThat(fixture.send(row.frame()).status() == Status.AUTH_REQUIRED).isEqualTo(!isFree);
    }

    @Test
    void openRegion_takesAnyRightInIt() throws Exception {
        startWith("scan", "sessions", "orders:a/");
        authenticate("other");
        Map<String, Status> expected =
                Map.of(
                        "sessions", Status.OK,
                        "orders", Status.OK,
                        "default", Status.FORBIDDEN,
                        "others", Status.FORBIDDEN,
                        "NO NAME", Status.BAD_REQUEST);

        expected.forEach(
                (name, status) ->
                        assertThat(fixture.send(RequestFrame.of(Opcode.OPEN_REGION, name)).status())
                                .as(name)
                                .isEqualTo(status));
    }

    @Test
    void batch_isJudgedOneByOne() throws Exception {
        startWith("read", "default:a/");
        authenticate("other");
        byte[] reply =
                fixture.exchange(
                        RequestFrame.batch(
                                        RequestFrame.get(KEY).id(1),
                                        RequestFrame.get("b/k").id(2),
                                        RequestFrame.set(KEY, "v").id(3))
                                .bytes());
        String text = new String(reply, StandardCharsets.ISO_8859_1);

        assertThat(text).containsOnlyOnce("secret");
        assertThat(text.split("right: not held", -1)).hasSize(3);
        assertThat(fixture.send(RequestFrame.get(KEY)).value())
                .asString()
                .as("not written")
                .isEqualTo("secret");
    }

    @Test
    void thirdFailure_closes_anUnknownMechanismDoesNot() throws Exception {
        startWith("read", "*");
        RequestFrame unknown = RequestFrame.of(Opcode.AUTH).value("\u0003MD5x");
        RequestFrame wrong = RequestFrame.of(Opcode.AUTH).value("\u0005TOKENguess");

        assertThat(fixture.send(unknown).status()).isEqualTo(Status.UNSUPPORTED);
        assertThat(fixture.send(wrong).status()).isEqualTo(Status.AUTH_FAILED);
        assertThat(fixture.send(wrong).status()).isEqualTo(Status.AUTH_FAILED);
        assertThat(fixture.session.isClosing()).isFalse();
        assertThat(fixture.send(wrong).status()).isEqualTo(Status.AUTH_FAILED);
        assertThat(fixture.session.isClosing()).isTrue();
    }

    @Test
    void usersChanged_rightsChange_aUserWhoIsNoneAnyMoreIsRefused() throws Exception {
        Path file = directory.resolve("users");
        startWith("read", "*");
        authenticate("other");
        assertThat(fixture.send(RequestFrame.get(KEY)).status()).isEqualTo(Status.OK);

        new UsersText().user("other", "write", "*").write(file);
        fixture.session.access.control().reload();
        assertThat(fixture.send(RequestFrame.get(KEY)).status()).isEqualTo(Status.FORBIDDEN);
        assertThat(fixture.send(RequestFrame.set(KEY, "v")).status()).isEqualTo(Status.OK);

        new UsersText().user("somebody", "all", "*").write(file);
        fixture.session.access.control().reload();
        assertThat(fixture.send(RequestFrame.set(KEY, "v")).status())
                .isEqualTo(Status.AUTH_REQUIRED);
        assertThat(fixture.session.isAdmitted()).isFalse();
    }
}
