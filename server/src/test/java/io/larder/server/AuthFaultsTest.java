package io.larder.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.server.auth.NewUser;
import io.larder.server.auth.UsersText;
import io.larder.server.compat.CompatServer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever guesses, sends too much, or writes a bad users file: nobody else is disturbed. */
@Timeout(60)
@Tag("slow")
class AuthFaultsTest {
    @TempDir private Path directory;

    private Path users;
    private CompatServer server;

    @BeforeEach
    void start() throws Exception {
        users = directory.resolve("users");
        write(new UsersText().user("ada", "all", "*").user("eve", "read", "*").text());
        server =
                new CompatServer(
                        "auth.users=" + users,
                        "listeners.memcached.port=0",
                        "listeners.resp.port=0");
    }

    private void write(String text) throws IOException {
        Path whole = Files.writeString(directory.resolve("new"), text);
        Files.move(whole, users, StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A figure that a user with all rights sees. */
    private long figure(String name) throws IOException {
        // Guesses from this address hold all from here back for a moment.
        await().until(() -> server.talk("resp", "AUTH ada\r\nPING\r\n").startsWith("+OK"));
        String stats = admin("auth ada\nstats\nquit\n");
        return Long.parseLong(
                requireNonNull(
                        stats.lines()
                                .filter(line -> line.startsWith("STAT " + name + ' '))
                                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                                .findFirst()
                                .orElse(null),
                        name));
    }

    private String admin(String lines) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port("admin"))) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(lines.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void guesses_endTheConnection_andAreHeldBack_othersAreNot() throws Exception {
        String guess = "AUTH ada guess\r\n";
        assertThat(server.talk("resp", guess.repeat(5)))
                .as("the third one is the connection's last")
                .isEqualTo(
                        "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
                                .repeat(3));
        server.talk("resp", guess.repeat(3));

        assertThat(server.talk("resp", "AUTH ada ada\r\n"))
                .as("held back")
                .startsWith("-WRONGPASS");
        assertThat(server.talk("resp", "AUTH eve eve\r\n")).isEqualTo("+OK\r\n");
        assertThat(figure("auth_held_back")).isPositive();
        assertThat(figure("uncaught_errors")).isZero();
    }

    @Test
    void tokenOfAMebibyte_andAnEmptyOne_areNobodys() throws Exception {
        String mebibyte = "x".repeat(1 << 20);
        for (String auth :
                List.of(
                        "*2\r\n$4\r\nAUTH\r\n$" + mebibyte.length() + "\r\n" + mebibyte + "\r\n",
                        "*2\r\n$4\r\nAUTH\r\n$0\r\n\r\n",
                        "*2\r\n$4\r\nAUTH\r\n$1\r\n\n\r\n")) {
            assertThat(answer("resp", auth)).doesNotContain("+OK");
        }
        for (String auth :
                List.of(
                        "set x 0 0 " + mebibyte.length() + "\r\n" + mebibyte + "\r\n",
                        "set x 0 0 0\r\n\r\n",
                        "set x 0 0 1\r\n\n\r\n")) {
            assertThat(answer("memcached", auth)).doesNotContain("STORED");
        }
        assertThat(answer("admin", "auth " + mebibyte + "\nauth \"\"\nauth \"\\n\"\nquit\n"))
                .doesNotContain("OK");
        assertThat(
                        answer(
                                "http",
                                "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                        + "Authorization: Bearer "
                                        + mebibyte
                                        + "\r\n\r\n"))
                .doesNotContain("200");
        assertThat(figure("uncaught_errors")).isZero();
    }

    /** What is answered before the server has enough; it may cut off what is still being sent. */
    private String answer(String listener, String bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port(listener))) {
            socket.setSoTimeout(20_000);
            try {
                socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
                socket.shutdownOutput();
                return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            } catch (SocketException cutOff) {
                return "";
            }
        }
    }

    @Test
    void usersSwappedUnderLoad_noCallFails_badOnesChangeNothing() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong asked = new AtomicLong();
        List<String> failures = new CopyOnWriteArrayList<>();
        Thread load = new Thread(() -> load(isOver, asked, failures));
        load.start();
        try {
            String good = Files.readString(users);
            for (int swap = 1; swap <= 3; swap++) {
                boolean isBad = swap == 2;
                String figure = isBad ? "auth_reloads_failed" : "auth_reloads";
                long before = figure(figure);
                write(isBad ? good + "user ada\n" : good + newcomer(swap));
                await().until(() -> figure(figure) > before);
            }
        } finally {
            isOver.set(true);
            load.join();
        }
        assertThat(failures).isEmpty();
        assertThat(asked).hasPositiveValue();
    }

    private static String newcomer(int number) {
        return NewUser.line("newcomer" + number, "eve", NewUser.token().word()) + '\n';
    }

    private void load(AtomicBoolean isOver, AtomicLong asked, List<String> failures) {
        while (!isOver.get()) {
            try {
                String answer = server.talk("resp", "AUTH eve eve\r\nGET k\r\n");
                if (!answer.equals("+OK\r\n$-1\r\n")) {
                    failures.add(answer);
                }
                asked.incrementAndGet();
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }
}
