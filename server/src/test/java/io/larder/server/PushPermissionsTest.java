package io.larder.server;

import static io.larder.protocol.ProtocolLimits.FEATURE_PUSH;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.AuthRequest;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.auth.UsersText;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import io.larder.server.compat.CompatServer;
import io.larder.server.net.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a server sends of its own accord reaches nobody who has not the right to it, or no more:
 * what a near cache is to drop, hot keys, what RESP's tracking tells, and an operator's watch.
 */
@Timeout(60)
class PushPermissionsTest {
    private static final int LAST_ID = 99;

    @TempDir private Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Path users;
    private CompatServer server;
    private RawClient owner;

    @BeforeEach
    void start() throws Exception {
        users = directory.resolve("users");
        write(
                "role watcher stats *\n"
                        + new UsersText()
                                .user("owner", "all", "*")
                                .user("reader", "read", "*")
                                .user("leaver", "read", "*")
                                .user("stranger", "all", "sessions", "default:c/")
                                .user("watcher", "scan", "default:a/")
                                .text());
        server = new CompatServer("auth.users=" + users, "listeners.resp.port=0");
        owner = client("owner");
        for (String key : List.of("a/k", "b/k", "c/k")) {
            assertThat(owner.ask(RequestFrame.set(key, "v")).status()).isEqualTo(Status.OK);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        server.close();
    }

    private void write(String text) throws IOException {
        Path whole = Files.writeString(directory.resolve("new"), text);
        Files.move(whole, users, StandardCopyOption.REPLACE_EXISTING);
    }

    private RawClient client(String user) throws IOException {
        RawClient client = RawClient.greeted(server.port("data"), FEATURE_PUSH);
        open.add(client);
        ByteBuf step = Unpooled.buffer();
        new AuthRequest(AuthRequest.TOKEN, user.getBytes(ISO_8859_1)).write(step);
        RequestFrame auth = RequestFrame.of(Opcode.AUTH).value(ByteBufUtil.getBytes(step));
        assertThat(client.ask(auth).status()).isEqualTo(Status.OK);
        return client;
    }

    private Socket socket(String listener) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port(listener));
        open.add(socket);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static RequestFrame track(String key) {
        return RequestFrame.get(key).flags(RequestFlag.TRACK);
    }

    /**
     * What came before the reply to a request, as {@code INVALIDATE k}, and that reply's status.
     */
    private record Told(List<String> pushes, Status status) {}

    private static Told toldUntil(RawClient client, RequestFrame request) throws IOException {
        client.send(request.id(LAST_ID).bytes());
        List<String> pushes = new ArrayList<>();
        while (true) {
            byte[] bytes = client.replyBytes();
            ByteBuf frame = Unpooled.wrappedBuffer(bytes);
            if (FrameHeader.magic(frame, 0) == FrameHeader.MAGIC_PUSH) {
                String key =
                        frame.toString(
                                FrameHeader.keyOffset(frame, 0),
                                FrameHeader.keyBytes(frame, 0),
                                ISO_8859_1);
                pushes.add((Opcode.of(FrameHeader.opcode(frame, 0)) + " " + key).strip());
            } else if (FrameHeader.requestId(frame, 0) == LAST_ID) {
                return new Told(pushes, ReplyFrame.all(bytes).get(0).status());
            }
        }
    }

    private static RequestFrame sync() {
        return RequestFrame.of(Opcode.SYNC);
    }

    private void awaitReload() {
        await().until(
                        () ->
                                owner.ask(RequestFrame.of(Opcode.STATS))
                                        .text()
                                        .contains("auth_reloads 1\n"));
    }

    @Test
    void rightsLost_whatIsPushedOfTheirKeys_isWithheld() throws Exception {
        RawClient reader = client("reader");
        RawClient leaver = client("leaver");
        for (RawClient each : List.of(reader, leaver)) {
            assertThat(toldUntil(each, track("a/k")).status()).isEqualTo(Status.OK);
            assertThat(toldUntil(each, track("b/k")).status()).isEqualTo(Status.OK);
        }
        Socket resp = socket("resp");
        say(resp, "HELLO 3 AUTH reader reader\r\nCLIENT TRACKING ON\r\nGET a/k\r\nGET b/k\r\n");
        assertThat(heardUntil(resp, "PING", "+PONG")).contains("+OK");

        write(
                new UsersText()
                        .user("owner", "all", "*")
                        .user("reader", "read", "default:a/")
                        .text());
        awaitReload();
        owner.ask(RequestFrame.set("b/k", "w"));
        owner.ask(RequestFrame.set("a/k", "w"));

        assertThat(toldUntil(reader, sync()).pushes())
                .contains("INVALIDATE_ALL")
                .allMatch(push -> push.equals("INVALIDATE_ALL") || push.equals("INVALIDATE a/k"));
        assertThat(toldUntil(leaver, RequestFrame.of(Opcode.PING)).pushes())
                .allMatch(push -> push.equals("INVALIDATE_ALL"));
        assertThat(heardUntil(resp, "PING", "+PONG"))
                .contains(">2\r\n$10\r\ninvalidate\r\n_\r\n")
                .doesNotContain("b/k");

        assertThat(toldUntil(reader, track("b/k")).status()).isEqualTo(Status.FORBIDDEN);
        assertThat(toldUntil(reader, track("a/k")).status()).isEqualTo(Status.OK);
        say(resp, "GET b/k\r\nGET a/k\r\n");
        assertThat(heardUntil(resp, "PING", "+PONG")).contains("NOPERM").contains("$1\r\nw\r\n");
        owner.ask(RequestFrame.set("b/k", "x"));
        owner.ask(RequestFrame.set("a/k", "x"));
        assertThat(toldUntil(reader, sync()).pushes()).containsExactly("INVALIDATE a/k");
        assertThat(heardUntil(resp, "PING", "+PONG")).contains("a/k").doesNotContain("b/k");
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** All that comes until the answer to what is said. */
    private static String heardUntil(Socket socket, String said, String answer) throws IOException {
        say(socket, said + "\r\n");
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(answer) < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after " + heard).isNotNegative();
            heard.append((char) next);
        }
        return heard.toString();
    }

    @Test
    void anotherUserOnTheSameConnection_isToldNothingOfTheFirstOnes() throws Exception {
        Socket resp = socket("resp");
        say(resp, "HELLO 3 AUTH reader reader\r\nCLIENT TRACKING ON\r\nGET a/k\r\nGET c/k\r\n");
        say(resp, "AUTH stranger stranger\r\n");
        heardUntil(resp, "PING", "+PONG");

        owner.ask(RequestFrame.set("a/k", "w"));
        owner.ask(RequestFrame.set("c/k", "w"));

        assertThat(heardUntil(resp, "PING", "+PONG")).contains("c/k").doesNotContain("a/k");
    }

    @Test
    void hotKey_isToldToNobodyWhoMayNotReadIt() throws Exception {
        RawClient reader = client("reader");
        RawClient stranger = client("stranger");
        boolean isHot = false;
        while (!isHot) {
            for (int i = 0; i < 300; i++) {
                owner.send(RequestFrame.get("a/k").id(1).bytes());
            }
            toldUntil(owner, sync());
            for (int i = 0; i < 10; i++) {
                assertThat(toldUntil(stranger, RequestFrame.get("a/k")))
                        .isEqualTo(new Told(List.of(), Status.FORBIDDEN));
            }
            assertThat(toldUntil(stranger, sync()).pushes()).isEmpty();
            toldUntil(reader, RequestFrame.get("a/k"));
            isHot = toldUntil(reader, sync()).pushes().contains("HOT_KEY a/k");
        }
    }

    @Test
    void watch_showsTheKeysThatOneMayList_andEndsWhenOneMayNoMore() throws Exception {
        Socket admin = socket("admin");
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(admin.getInputStream(), ISO_8859_1));
        say(admin, "auth watcher\n");
        assertThat(lines.readLine()).isEqualTo("OK");
        for (String refused :
                List.of(
                        "watch delete",
                        "watch delete prefix=a/",
                        "watch delete region=default",
                        "watch delete region=sessions prefix=a/",
                        "watch delete region=default prefix=a/ prefix=b/",
                        "watch conn region=default prefix=a/",
                        "watch slow region=default prefix=a/",
                        "json watch delete region=default prefix=b/")) {
            say(admin, refused + '\n');
            assertThat(lines.readLine()).as(refused).contains("forbidden");
        }
        say(admin, "watch delete region=default prefix=a/\n");
        String seen = null;
        while (seen == null) {
            changeAll("a/seen", "b/hidden");
            seen = lines.ready() ? lines.readLine() : null;
        }
        assertThat(seen).startsWith("DELETED ").contains("region=default key=\"a/seen\"");

        write(new UsersText().user("owner", "all", "*").user("watcher", "scan", "*").text());
        awaitReload();
        changeAll("a/last");
        String line = lines.readLine();
        while (line != null) {
            assertThat(line).contains("key=\"a/seen\"");
            line = lines.readLine();
        }
    }

    private void changeAll(String... keys) throws IOException {
        for (String key : keys) {
            owner.ask(RequestFrame.set(key, "v"));
            owner.ask(RequestFrame.of(Opcode.DELETE, key));
        }
    }
}
