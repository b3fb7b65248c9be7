package io.larder.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.AuthRequest;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.protocol.auth.ScramSha256;
import io.larder.server.command.RequestFrame;
import io.larder.server.compat.memcached.MemcachedNames;
import io.larder.server.compat.resp.RespNames;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.net.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every command of every protocol beside Larder's own, over sockets of a whole server: who has not
 * the rights it takes is refused, and sees nothing. Larder's own has {@code PermissionsTest}.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryProtocolPermissionsTest {
    private static final List<String> RIGHTS =
            List.of("read", "write", "scan", "clear", "stats", "operate");
    private static final Set<String> OF_SERVER = Set.of("stats", "operate");
    private static final List<String> OTHER_PLACES =
            List.of("default:b/", "sessions", "default:a/k1");

    /** What nobody may see who has no right to it: a part of every value, and a key. */
    private static final Pattern HIDDEN = Pattern.compile("secret|hidden");

    enum Protocol {
        TEXT("memcached", PermissionRow::ofText),
        BINARY("memcached", PermissionRow::ofBinary),
        RESP("resp", PermissionRow::ofResp),
        ADMIN("admin", PermissionRow::ofAdmin),
        HTTP("http", PermissionRow::ofHttp);

        final String listener;
        final Supplier<List<PermissionRow>> rows;

        Protocol(String listener, Supplier<List<PermissionRow>> rows) {
            this.listener = listener;
            this.rows = rows;
        }
    }

    /**
     * What came back.
     *
     * @param isRefused whether it says that one may not, or has to say who one is
     * @param text all of it that answers the request
     */
    private record Reply(boolean isRefused, String text) {}

    private final Map<String, String> names = new LinkedHashMap<>(); // of users, by their rights
    private final StringBuilder users = new StringBuilder();
    private LarderServer server;
    private RawClient owner;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        user(String.join(",", RIGHTS), "*");
        user("read", "sessions");
        for (Protocol protocol : Protocol.values()) {
            for (PermissionRow row : protocol.rows.get()) {
                for (String right : row.rights()) {
                    user(without(right), "*");
                }
                user(with(row), "*");
                user(with(row), "default:a/");
                OTHER_PLACES.forEach(place -> user(with(row), place));
            }
        }
        Path file = directory.resolve("users");
        Files.writeString(file, users);
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=32m")
                        .define("threads.event-loops=1")
                        .define("auth.users=" + file);
        for (String listener : List.of("data", "admin", "http", "memcached", "resp")) {
            loader.define("listeners." + listener + ".port=0");
        }
        server = LarderServer.start(loader.load());
        owner = client(String.join(",", RIGHTS), "*");
    }

    @AfterAll
    void stop() throws Exception {
        owner.close();
        server.close();
    }

    /** The name and token of a user who has these rights, those on the server in any case. */
    private String user(String rights, String place) {
        return names.computeIfAbsent(
                rights + ' ' + place,
                made -> {
                    String name = "u" + names.size();
                    role(name, rights, place);
                    users.append("user " + name + " roles=" + name + " token=sha256:")
                            .append(
                                    HexFormat.of()
                                            .formatHex(
                                                    ScramSha256.sha256(name.getBytes(ISO_8859_1))))
                            .append('\n');
                    return name;
                });
    }

    private void role(String name, String rights, String place) {
        Set<String> ofItems = new TreeSet<>(List.of(rights.split(",", -1)));
        Set<String> ofServer = new TreeSet<>(ofItems);
        ofServer.retainAll(OF_SERVER);
        ofItems.removeAll(OF_SERVER);
        if (!ofItems.isEmpty()) {
            users.append("role " + name + ' ' + String.join(",", ofItems) + ' ' + place + '\n');
        }
        if (!ofServer.isEmpty()) {
            users.append("role " + name + ' ' + String.join(",", ofServer) + " *\n");
        }
    }

    private static String without(String right) {
        return RIGHTS.stream().filter(each -> !each.equals(right)).collect(Collectors.joining(","));
    }

    /** Who needs no right has some all the same, to be a user. */
    private static String with(PermissionRow row) {
        return row.rights().isEmpty() ? "read" : String.join(",", row.rights());
    }

    private RawClient client(String rights, String place) throws Exception {
        RawClient client = RawClient.greeted(server.dataAddress().getPort());
        ByteBuf step = Unpooled.buffer();
        new AuthRequest(AuthRequest.TOKEN, user(rights, place).getBytes(ISO_8859_1)).write(step);
        assertThat(
                        client.ask(RequestFrame.of(Opcode.AUTH).value(ByteBufUtil.getBytes(step)))
                                .status())
                .isEqualTo(Status.OK);
        return client;
    }

    private void seed() throws IOException {
        for (String key : List.of(PermissionRow.KEY, "b/k", "z/hidden")) {
            assertThat(owner.ask(RequestFrame.set(key, "secret of " + key)).status())
                    .isEqualTo(Status.OK);
        }
    }

    // ---- how each protocol asks

    private Reply ask(Protocol protocol, PermissionRow row, @Nullable String user)
            throws IOException {
        seed();
        try (Socket socket =
                new Socket(
                        "127.0.0.1", requireNonNull(server.address(protocol.listener)).getPort())) {
            socket.setSoTimeout(20_000);
            return switch (protocol) {
                case TEXT -> askText(socket, row, user);
                case BINARY -> askBinary(socket, row, user);
                case RESP -> askResp(socket, row, user);
                case ADMIN -> askAdmin(socket, row, user);
                case HTTP -> askHttp(socket, row, user);
            };
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer to " + row + " for " + user, e);
        }
    }

    /** Sends all bytes, and waits for all that comes until the server closes. */
    private static String talk(Socket socket, String text, boolean shut) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        if (shut) {
            socket.shutdownOutput();
        }
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    private static String behind(String beginning, String text) {
        assertThat(text).startsWith(beginning);
        return text.substring(beginning.length());
    }

    private static Reply askText(Socket socket, PermissionRow row, @Nullable String user)
            throws IOException {
        String auth = user == null ? "" : "set x 0 0 " + user.length() + "\r\n" + user + "\r\n";
        String text =
                behind(user == null ? "" : "STORED\r\n", talk(socket, auth + row.request(), true));
        return new Reply(
                text.matches(
                        "(?s)CLIENT_ERROR (not permitted|unauthenticated|authentication failure)\r\n.*"),
                text);
    }

    private static Reply askBinary(Socket socket, PermissionRow row, @Nullable String user)
            throws IOException {
        String auth =
                user == null
                        ? ""
                        : PermissionRow.binary(
                                0x21, new byte[0], "PLAIN", "\0" + user + '\0' + user);
        String text = talk(socket, auth + row.request(), true);
        if (user != null) {
            assertThat(text.substring(24)).startsWith("Authenticated");
            text = text.substring(24 + "Authenticated".length());
        }
        int status = text.isEmpty() ? 0 : text.charAt(6) << 8 | text.charAt(7);
        return new Reply(status == 0x20 || status == 0x24, text);
    }

    private static Reply askResp(Socket socket, PermissionRow row, @Nullable String user)
            throws IOException {
        String auth = user == null ? "" : PermissionRow.resp("AUTH " + user + ' ' + user);
        String text =
                behind(user == null ? "" : "+OK\r\n", talk(socket, auth + row.request(), true));
        return new Reply(text.matches("(?s)-(NOPERM|NOAUTH) .*"), text);
    }

    private static Reply askAdmin(Socket socket, PermissionRow row, @Nullable String user)
            throws IOException {
        String auth = user == null ? "" : "auth " + user + '\n';
        String text =
                behind(
                        user == null ? "" : "OK\n",
                        talk(socket, auth + row.request() + "ruok\nquit\n", false));
        return new Reply(
                text.matches("(?s)(ERROR |\\{\"error\":\")(forbidden|auth-required).*"), text);
    }

    private static Reply askHttp(Socket socket, PermissionRow row, @Nullable String user)
            throws IOException {
        String auth = user == null ? "" : "Authorization: Bearer " + user + "\r\n";
        String head = "GET " + row.request() + " HTTP/1.1\r\nHost: localhost\r\n" + auth + "\r\n";
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        String answer = readHead(socket.getInputStream());
        Matcher length = Pattern.compile("(?i)content-length: ([0-9]+)").matcher(answer);
        String body =
                length.find()
                        ? new String(
                                socket.getInputStream()
                                        .readNBytes(Integer.parseInt(length.group(1))),
                                ISO_8859_1)
                        : ""; // a stream, which has begun
        return new Reply(answer.matches("(?s)HTTP/1.1 40[13] .*"), answer + body);
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as("a byte of the head").isNotNegative();
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    // ---- what has to hold

    @Test
    void everyCommand_hasARow() throws Exception {
        assertThat(commands(Protocol.TEXT)).containsAll(MemcachedNames.ofText());
        assertThat(commands(Protocol.BINARY)).containsAll(MemcachedNames.ofBinary());
        assertThat(commands(Protocol.RESP)).containsAll(RespNames.all());
        String all = user(String.join(",", RIGHTS), "*");
        String help =
                ask(Protocol.ADMIN, request("help\n"), all).text().replaceAll("(?m)[ :].*", "");
        List<String> adminNames = new ArrayList<>(List.of(help.split("\n", -1)));
        adminNames.removeAll(List.of("", "END", "OK", "imok"));
        assertThat(adminNames).hasSizeGreaterThan(30);
        assertThat(commands(Protocol.ADMIN)).containsAll(adminNames);
        Matcher pages =
                Pattern.compile("expected: ([^)]*)\\)")
                        .matcher(ask(Protocol.HTTP, request("/none"), all).text());
        assertThat(pages.find()).isTrue();
        assertThat(commands(Protocol.HTTP))
                .containsAll(Arrays.asList(pages.group(1).split(", ", -1)));
    }

    private static PermissionRow request(String text) {
        return new PermissionRow("", text, Set.of(), false, false, false);
    }

    private static Set<String> commands(Protocol protocol) {
        return protocol.rows.get().stream()
                .map(PermissionRow::command)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Asks each row's request for a user, and collects what is not as it should be. */
    private void check(Protocol protocol, Case each) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (PermissionRow row : protocol.rows.get()) {
            each.check(row, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @FunctionalInterface
    private interface Case {
        void check(PermissionRow row, List<String> wrong) throws Exception;
    }

    private void expectRefusal(
            Protocol protocol, PermissionRow row, @Nullable String user, List<String> wrong)
            throws IOException {
        Reply reply = ask(protocol, row, user);
        if (!reply.isRefused() || HIDDEN.matcher(reply.text()).find()) {
            wrong.add(row + " for " + user + ": " + reply.text());
        }
    }

    private void expectAnswer(
            Protocol protocol, PermissionRow row, @Nullable String user, List<String> wrong)
            throws IOException {
        Reply reply = ask(protocol, row, user);
        if (reply.isRefused()) {
            wrong.add(row + " for " + user + ": " + reply.text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobody_isAnsweredNothing(Protocol protocol) throws Exception {
        check(
                protocol,
                (row, wrong) -> {
                    if (row.isFree()) {
                        expectAnswer(protocol, row, null, wrong);
                    } else {
                        expectRefusal(protocol, row, null, wrong);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void withAllRightsButOneOfThese_itIsForbidden(Protocol protocol) throws Exception {
        check(
                protocol,
                (row, wrong) -> {
                    for (String right : row.rights()) {
                        expectRefusal(protocol, row, user(without(right), "*"), wrong);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void withThese_itIsAllowed(Protocol protocol) throws Exception {
        check(
                protocol,
                (row, wrong) -> {
                    if (!row.isLast()) {
                        expectAnswer(protocol, row, user(with(row), "*"), wrong);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void withThese_onOtherKeysOrInOtherRegions_itIsNot(Protocol protocol) throws Exception {
        check(
                protocol,
                (row, wrong) -> {
                    for (String place : OTHER_PLACES) {
                        if (!OF_SERVER.containsAll(row.rights())) {
                            expectRefusal(protocol, row, user(with(row), place), wrong);
                        }
                    }
                });
    }

    @ParameterizedTest
    @EnumSource
    void withThese_onKeysThatBeginSo_itIsIfItIsAboutThem(Protocol protocol) throws Exception {
        check(
                protocol,
                (row, wrong) -> {
                    String user = user(with(row), "default:a/");
                    if (OF_SERVER.containsAll(row.rights())) {
                        return;
                    }
                    if (!row.isNarrow()) {
                        expectRefusal(protocol, row, user, wrong);
                        return;
                    }
                    Reply reply = ask(protocol, row, user);
                    if (reply.isRefused() || reply.text().contains("hidden")) {
                        wrong.add(row + " for " + user + ": " + reply.text());
                    }
                });
    }
}
