package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.server.config.Configuration;
import io.larder.server.config.ConfigurationLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LarderServerTest {
    private final Set<Thread> threadsBefore = Set.copyOf(Thread.getAllStackTraces().keySet());

    private LarderServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void start_onFreePorts_saysWhereItListens() throws Exception {
        server = LarderServer.start(configuration());

        assertThat(server.readyLine())
                .isEqualTo(
                        "READY data=127.0.0.1:"
                                + server.dataAddress().getPort()
                                + " admin=127.0.0.1:"
                                + server.adminAddress().getPort()
                                + " http=127.0.0.1:"
                                + server.httpAddress().getPort());
        assertThat(server.dataAddress().getPort()).isNotZero();
    }

    @Test
    void admin_ofAServer_showsTheFiguresOfTheContract() throws Exception {
        server = LarderServer.start(configuration("store.memory=16m"));

        List<String> stats = ask("stats");

        assertThat(stats)
                .contains("STAT items 0", "STAT memory_limit_bytes 16777216", "STAT misses 0")
                .contains("STAT uncaught_errors 0", "STAT reads_locked 0")
                .endsWith("END");
        assertThat(stats.stream().map(line -> line.split(" ", -1)).filter(w -> w.length == 3))
                .extracting(words -> words[1])
                .contains(
                        "items",
                        "memory_limit_bytes",
                        "bytes_live",
                        "bytes_dead",
                        "bytes_expired",
                        "overhead_bytes_per_item",
                        "hits",
                        "misses",
                        "evictions",
                        "uncaught_errors",
                        "reads_locked",
                        "connections");
    }

    @Test
    void admin_getOfAnAbsentKey_isAMissInTheFigures() throws Exception {
        server = LarderServer.start(configuration());

        assertThat(ask("get nothing")).containsExactly("END");
        assertThat(ask("stats")).contains("STAT misses 1");
        assertThat(ask("flush")).containsExactly("OK");
        assertThat(ask("version")).containsExactly("VERSION development", "END");
    }

    @Test
    void start_withTheLeastMemory_works() throws Exception {
        server = LarderServer.start(configuration("store.memory=4m"));

        assertThat(ask("ruok")).containsExactly("imok");
    }

    /** In good order, or by a reset if it was not accepted yet. */
    private static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void close_freesPortsAndEndsThreads() throws Exception {
        server = LarderServer.start(configuration());
        InetSocketAddress data = server.dataAddress();
        InetSocketAddress admin = server.adminAddress();
        Socket open = new Socket(admin.getAddress(), admin.getPort());

        server.close();
        server.close();

        assertThat(isEnded(open)).isTrue();
        open.close();
        for (InetSocketAddress address : List.of(data, admin)) {
            try (ServerSocket again = new ServerSocket()) {
                again.setReuseAddress(true);
                again.bind(address);
            }
        }
        assertNoThreadsLeft();
    }

    @Test
    void close_fromManyThreads_returnsWhenAllIsClosed() throws Exception {
        server = LarderServer.start(configuration());
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread closer = new Thread(server::close);
            closer.start();
            closers.add(closer);
        }
        for (Thread closer : closers) {
            closer.join();
        }

        assertNoThreadsLeft();
    }

    @Test
    void startAndClose_manyTimes_leavesNothing() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (LarderServer each = LarderServer.start(configuration("store.memory=4m"))) {
                assertThat(each.readyLine()).startsWith("READY ");
            }
        }

        assertNoThreadsLeft();
    }

    @Test
    void start_onAPortInUse_namesListenerAndAddress_andLeavesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Configuration data = configuration("listeners.data.port=" + port);
            Configuration admin = configuration("listeners.admin.port=" + port);

            assertThatThrownBy(() -> LarderServer.start(data))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith(
                            "listeners.data: cannot listen on 127.0.0.1:" + port + ": ")
                    .hasMessageContaining("in use");
            assertThatThrownBy(() -> LarderServer.start(admin))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith(
                            "listeners.admin: cannot listen on 127.0.0.1:" + port + ": ");
        }
        assertNoThreadsLeft();
    }

    @Test
    void start_onAHostThatIsNone_namesIt() {
        Configuration configuration = configuration("listeners.data.host=host.invalid");

        assertThatThrownBy(() -> LarderServer.start(configuration))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("listeners.data: cannot listen on host.invalid:0: ");
    }

    private static Configuration configuration(String... definitions) {
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=16m")
                        .define("listeners.data.port=0")
                        .define("listeners.admin.port=0")
                        .define("listeners.http.port=0");
        for (String definition : definitions) {
            loader.define(definition);
        }
        return loader.load();
    }

    private List<String> ask(String line) throws IOException {
        InetSocketAddress address = server.adminAddress();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            socket.getOutputStream().write((line + '\n').getBytes(UTF_8));
            List<String> answer = new ArrayList<>();
            String last;
            do {
                last = reader.readLine();
                answer.add(last);
            } while (!last.matches("END|OK|imok|ERROR .*"));
            return answer;
        }
    }

    private void assertNoThreadsLeft() {
        await().untilAsserted(() -> assertThat(threadsLeft()).isEmpty());
    }

    private Set<String> threadsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("larder-"))
                .collect(Collectors.toSet());
    }
}
