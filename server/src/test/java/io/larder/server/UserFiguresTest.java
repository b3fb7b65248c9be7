package io.larder.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.AuthRequest;
import io.larder.protocol.Opcode;
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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who asks is told wherever an operator looks, and is what limits go by. */
@Timeout(60)
@Tag("slow")
class UserFiguresTest {
    @TempDir private Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Path users;
    private CompatServer server;

    @BeforeEach
    void start() throws Exception {
        users = directory.resolve("users");
        write(usersText());
        server =
                new CompatServer(
                        "auth.users=" + users,
                        "limits.rate.write=5",
                        "listeners.memcached.port=0",
                        "listeners.resp.port=0");
    }

    private static String usersText() {
        return new UsersText().user("ada", "all", "*").user("eve", "read,write", "*").text();
    }

    private void write(String text) throws IOException {
        Path whole = Files.writeString(directory.resolve("new"), text);
        Files.move(whole, users, StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        server.close();
    }

    private RawClient client(String user) throws IOException {
        RawClient client = RawClient.greeted(server.port("data"));
        open.add(client);
        assertThat(client.ask(token(user)).status()).isEqualTo(Status.OK);
        return client;
    }

    private static RequestFrame token(String token) {
        ByteBuf step = Unpooled.buffer();
        new AuthRequest(AuthRequest.TOKEN, token.getBytes(ISO_8859_1)).write(step);
        return RequestFrame.of(Opcode.AUTH).value(ByteBufUtil.getBytes(step));
    }

    private Socket say(String listener, String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port(listener));
        open.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return socket;
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    /** What is answered until the server closes, as it is asked to. */
    private String told(String listener, String text) throws IOException {
        return new String(say(listener, text).getInputStream().readAllBytes(), ISO_8859_1);
    }

    private String page(String path) throws IOException {
        return told(
                "http",
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Authorization: Bearer ada\r\n\r\n");
    }

    @Test
    void users_areToldOfWithTheirConnections_andHaveFiguresOfTheirOwn() throws Exception {
        RawClient client = client("eve");
        assertThat(client.ask(RequestFrame.set("k", "v")).status()).isEqualTo(Status.OK);
        assertThat(client.ask(RequestFrame.of(Opcode.STATS)).status()).isEqualTo(Status.FORBIDDEN);
        BufferedReader resp =
                lines(say("resp", "HELLO 3 AUTH eve eve SETNAME shop\r\nGET k\r\nPING\r\n"));
        while (!resp.readLine().equals("+PONG")) {
            // the greeting's
        }
        BufferedReader memcached =
                lines(say("memcached", "set x 0 0 3\r\neve\r\nget k\r\nget k\r\n"));
        assertThat(memcached.readLine()).isEqualTo("STORED");
        for (int i = 0; i < 6; i++) {
            assertThat(memcached.readLine()).isIn("VALUE k 0 1", "v", "END");
        }

        await().untilAsserted(
                        () ->
                                assertThat(told("admin", "auth ada\nstats conns\nquit\n"))
                                        .containsPattern("CLIENT id=1 .*name=test user=eve .*"));
        assertThat(told("admin", "auth ada\nstats users\nquit\n"))
                .containsPattern("USER user=ada requests=[0-9]+ ")
                .containsPattern(
                        "USER user=eve requests=7 bytes_in=[0-9]{2,} bytes_out=[0-9]{2,}"
                                + " forbidden=1 over_rate=0\n");
        assertThat(page("/api/clients"))
                .containsPattern("\"listener\":\"data\",[^}]*\"name\":\"test\",\"user\":\"eve\"")
                .containsPattern("\"listener\":\"resp\",[^}]*\"name\":\"shop\",\"user\":\"eve\"")
                .containsPattern("\"listener\":\"memcached\",[^}]*\"name\":\"\",\"user\":\"eve\"")
                .containsPattern("\"listener\":\"http\",[^}]*\"name\":\"\",\"user\":\"ada\"");
        assertThat(page("/metrics"))
                .contains("larder_user_requests_total{user=\"eve\"} 7.0\n")
                .contains("larder_user_forbidden_total{user=\"eve\"} 1.0\n");
    }

    @Test
    void rate_isTheUsers_whateverHisClientsCallThemselves() throws Exception {
        RawClient client = client("eve");
        RequestFrame[] sets = new RequestFrame[50];
        Arrays.setAll(sets, i -> RequestFrame.set("k", "v").id(i));
        client.send(RequestFrame.row(sets));
        Set<String> refusals = new TreeSet<>();
        for (int i = 0; i < sets.length; i++) {
            ReplyFrame reply = ReplyFrame.all(client.replyBytes()).get(0);
            if (reply.status() == Status.BUSY) {
                refusals.add(reply.text());
            }
        }
        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).contains("of all connections called eve"));
        String others =
                told("resp", "AUTH eve eve\r\n" + "SET k v\r\n".repeat(50) + "QUIT\r\n")
                        + told("memcached", "set x 0 0 3\r\neve\r\n" + sets(50) + "quit\r\n");
        assertThat(others).contains("-BUSY rate of write", "SERVER_ERROR busy: rate of write");
        assertThat(told("admin", "auth ada\nstats users\nquit\n"))
                .containsPattern("USER user=eve .* over_rate=[1-9][0-9]+\n");
    }

    private static String sets(int count) {
        return "set k 0 0 1\r\nv\r\n".repeat(count);
    }

    @Test
    void audit_isWatched_byOperators() throws Exception {
        BufferedReader watch = lines(say("admin", "auth ada\nwatch audit\n"));
        assertThat(watch.readLine()).isEqualTo("OK");
        awaitWatcher(watch);

        RawClient client = RawClient.greeted(server.port("data"));
        open.add(client);
        assertThat(client.ask(token("a-guess")).status()).isEqualTo(Status.AUTH_FAILED);
        assertThat(watch.readLine())
                .matches(
                        "LOGIN_FAILED time=\\S+ region=- key=\"127.0.0.1 \\(test\\): refused, not"
                                + " the secret of a token\" version=0");
        client.ask(token("eve"));
        assertThat(watch.readLine())
                .startsWith("LOGIN ")
                .contains("\"127.0.0.1 (test): eve by a token\"");
        client.ask(RequestFrame.of(Opcode.CLEAR));
        assertThat(watch.readLine())
                .startsWith("FORBIDDEN ")
                .contains("\"127.0.0.1 (test): eve may not CLEAR in default\"");
        told("admin", "auth ada\nconfig set limits.idle-timeout 60s\nconfig get\nquit\n");
        assertThat(watch.readLine()).startsWith("LOGIN ").contains("ada by a token");
        assertThat(watch.readLine())
                .startsWith("OPERATED ")
                .contains("ada has asked admin config set limits.idle-timeout 60s");
        told("resp", "AUTH ada ada\r\nCONFIG SET timeout 30\r\nQUIT\r\n");
        assertThat(watch.readLine()).startsWith("LOGIN ").contains("ada by ada");
        assertThat(watch.readLine())
                .startsWith("OPERATED ")
                .contains("ada has asked resp config SET timeout 30");

        write(usersText() + "user ada\n");
        assertThat(watch.readLine())
                .startsWith("USERS_REFUSED ")
                .contains("the users stay as they are: ");
        write(usersText() + "# \n");
        assertThat(watch.readLine()).startsWith("USERS_READ ").contains(" was read: 2 users");
    }

    /** Once it is told of a connection, of which nothing more is told. */
    private void awaitWatcher(BufferedReader watch) throws IOException {
        boolean isWatched = false;
        while (!isWatched) {
            told("resp", "AUTH eve eve\r\nQUIT\r\n");
            isWatched = watch.ready();
        }
        // Of those that came before it was ready there may be more than one.
        told("resp", "AUTH ada ada\r\nQUIT\r\n");
        while (!watch.readLine().contains("ada by ada")) {
            // one of them
        }
    }
}
