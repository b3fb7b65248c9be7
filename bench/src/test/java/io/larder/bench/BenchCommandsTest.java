package io.larder.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The commands as a user runs them, small. */
@Tag("slow")
@Timeout(300)
class BenchCommandsTest {
    private final StringWriter out = new StringWriter();

    private int execute(String... arguments) {
        CommandLine commandLine = BenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        return commandLine.execute(arguments);
    }

    private String lastLine() {
        return out.toString().lines().reduce("", (first, second) -> second);
    }

    @Test
    void ycsb_againstATarget_endsWithItsResult() throws Exception {
        try (LarderServer server = startServer("64m")) {
            int exitCode =
                    execute(
                            "ycsb",
                            "--workload",
                            "f",
                            "--records",
                            "500",
                            "--operations",
                            "500",
                            "--threads",
                            "2",
                            "-p",
                            "dataintegrity=true",
                            "--target",
                            "127.0.0.1:" + server.dataAddress().getPort());

            assertThat(exitCode).isZero();
        }
        assertThat(out.toString()).contains("[READ], Return=OK, 500");
        assertThat(lastLine())
                .startsWith("RESULT ycsb workload=f records=500 operations=500 threads=2")
                .contains(" failed=0 misses=0 verified=500 ");
    }

    /** Records of which a part only fits: what is missing is a miss, and no failure. */
    @Test
    void ycsb_withoutRoomForAll_hasMissesAndExitsZero() throws Exception {
        try (LarderServer server = startServer("4m")) {
            int exitCode =
                    execute(
                            "ycsb",
                            "--workload",
                            "c",
                            "--records",
                            "20000",
                            "--operations",
                            "500",
                            "-p",
                            "requestdistribution=uniform",
                            "--target",
                            "127.0.0.1:" + server.dataAddress().getPort());

            assertThat(exitCode).isZero();
        }
        assertThat(lastLine()).contains(" failed=0 ").doesNotContain(" misses=0 ");
    }

    @Test
    void ycsb_ofScans_hasNoFailures() throws Exception {
        try (LarderServer server = startServer("16m")) {
            int exitCode =
                    execute(
                            "ycsb",
                            "--workload",
                            "e",
                            "--records",
                            "500",
                            "--operations",
                            "300",
                            "--threads",
                            "2",
                            "--target",
                            "127.0.0.1:" + server.dataAddress().getPort());

            assertThat(exitCode).isZero();
        }
        assertThat(out.toString()).contains("[SCAN], Return=OK, ");
        assertThat(lastLine()).startsWith("RESULT ycsb workload=e").contains(" failed=0 ");
    }

    /** Processes of their own, one of which is killed; the bound on time is the command's. */
    @Test
    void drain_ofOneServer_losesNoCall() {
        int exitCode = execute("drain", "--cycles", "1", "--threads", "2");

        assertThat(exitCode).isZero();
        assertThat(lastLine())
                .matches("RESULT drain calls=[1-9]\\d* failed=0 wrong=0 .* threads=2");
    }

    /** A process that is killed or stopped, its limit going up and down, its items evicted. */
    @Test
    void linearizable_overRestarts_hasNoViolation() {
        int exitCode =
                execute(
                        "linearizable",
                        "--operations",
                        "40000",
                        "--clients",
                        "8",
                        "--evict",
                        "--limit-changes",
                        "--restarts",
                        "2");

        assertThat(exitCode).isZero();
        assertThat(lastLine()).contains(" violations=0 undecided=0 ", " restarts=2 ");
    }

    /** The only pair that needs no other's server; the bound holds whatever the time. */
    @Test
    void peers_ofTwoProtocols_endsWithItsResult() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "for server and generator");

        int exitCode =
                execute(
                        "peers",
                        "--pairs=OWN",
                        "--placement=CROSS_CORE",
                        "--depth=4",
                        "--connections=2",
                        "--keys=1000",
                        "--seconds=0.1",
                        "--rounds=1",
                        "--warmup=0.1",
                        "--own-max=1e9");

        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("| cross core, depth 4, 2 connections, 100 B, 95:5, uniform | own |");
        assertThat(lastLine())
                .startsWith("RESULT peers own_cpu_cross_core_4=")
                .contains(" missed_targets=0 workloads=1 ", " misses=0 failed=0 rounds=1 ");
    }

    @Test
    void peers_withoutTheirServers_sayWhatToInstall() {
        assumeTrue(PeerProgram.find("memcached", null).isEmpty(), "it is on the PATH");

        assertThat(execute("peers", "--pairs=MEMCACHED", "--keys=1")).isEqualTo(1);
        assertThat(out.toString()).doesNotContain("RESULT");
    }

    @Test
    void promtool_thatIsNoProgram_isNamed() {
        assertThat(execute("promtool", "--promtool", "/nonexistent/promtool")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void console_inABrowserThatIsNoProgram_isNamed() {
        assertThat(execute("console", "--chromium", "/nonexistent/chromium")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void stampede_ofAFewThreads_loadsEachKeyOnce() {
        int exitCode =
                execute(
                        "stampede",
                        "--processes=2",
                        "--threads=3",
                        "--keys=2",
                        "--loader-millis=20");

        assertThat(lastLine())
                .startsWith("RESULT stampede loads_per_key_leases=1 loads_per_key_plain=")
                .contains(" kill_loads_per_key=1 ", " values=12 ");
        assertThat(exitCode).isZero();
    }

    @Test
    void serverProcess_startsAnswersAndStopsWell() {
        List<String> command = ServerProcess.command(Optional.empty(), List.of("store.memory=16m"));
        long pid;
        try (ServerProcess server = ServerProcess.start(command)) {
            pid = server.pid();
            assertThat(server.usage().residentBytes()).isPositive();
            assertThat(server.ready().listeners()).containsKeys("data", "admin");
            server.stop();
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void serverProcess_thatDoesNotStart_saysSo() {
        List<String> command = ServerProcess.command(Optional.empty(), List.of("no.such.key=1"));

        assertThatThrownBy(() -> ServerProcess.start(command))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("ended before it was ready");
    }

    private static LarderServer startServer(String memory) throws Exception {
        return LarderServer.start(
                new ConfigurationLoader()
                        .define("listeners.data.port=0")
                        .define("listeners.admin.port=0")
                        .define("listeners.http.port=0")
                        .define("store.memory=" + memory)
                        .load());
    }

    /** Bounds that hold whatever the time: what is tested is that both sides are measured. */
    @Test
    void store_besideAMap_endsWithItsResult() {
        int exitCode =
                execute(
                        "store",
                        "--items=1000",
                        "--engines=chm",
                        "--operations=get",
                        "--distributions=zipfian",
                        "--threads=1",
                        "--rounds=1",
                        "--seconds=1",
                        "--warmup=0",
                        "--get-chm-max=1e9",
                        "--bytes-max=1e9");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("larder", "chm");
        assertThat(lastLine())
                .startsWith("RESULT store get_chm_zipfian_1000_1t=")
                .contains(" bytes_get_zipfian_1000_1t=")
                .endsWith(" rounds=1 seconds=1 broken=0");
    }

    @Test
    void soak_ofASecond_findsNothingWrong() {
        int exitCode =
                execute("soak", "--seconds=2", "--memory=4m", "--threads=2", "--seed=1", "--inner");

        assertThat(exitCode).isZero();
        assertThat(lastLine())
                .startsWith("RESULT soak operations=")
                .contains(" wrong=0 ", " slope_judged=false ", " uncaught_errors=0 ")
                .endsWith(" threads=2 seed=1");
    }

    /** In a JVM of its own, as users run it. */
    @Test
    void memory_ofAFewItems_endsWithItsResult() {
        int exitCode = execute("memory", "--items=100000", "--growth-max=1e9");

        assertThat(exitCode).isZero();
        assertThat(lastLine())
                .startsWith("RESULT memory items=100000 overhead_bytes_per_item=3")
                .contains(" rss_growth_percent=");
    }

    @Test
    void flood_ofAFewKeys_endsWithItsResult() {
        int exitCode = execute("flood", "--keys=1000", "--rounds=1", "--ratio-max=1e9");

        assertThat(exitCode).isZero();
        assertThat(lastLine())
                .startsWith("RESULT flood ratio_java=")
                .contains(" ratio_fnv1a=", " ratio_murmur3=", " ratio_siphash=")
                .endsWith(" keys=1000 rounds=1 seed=1");
    }

    @Test
    void proof_ofOneShortMeeting_endsWithItsResult() {
        int exitCode =
                execute(
                        "proof",
                        "--iterations=1",
                        "--invocations=2",
                        "--threads=2",
                        "--actors=1",
                        "--jcstress-seconds=0",
                        "--seed=1");

        assertThat(exitCode).isZero();
        assertThat(lastLine())
                .startsWith("RESULT proof model_iterations=1 model_passed=true")
                .contains(" stress_iterations=1 stress_passed=true ");
    }

    @Test
    void proof_ofOnePart_goesOnAtTheNamedMeeting_andLeavesTheOthersOut() {
        int exitCode =
                execute(
                        "proof",
                        "--part=stress",
                        "--first=2",
                        "--iterations=1",
                        "--invocations=2",
                        "--threads=2",
                        "--actors=1",
                        "--seed=1");

        assertThat(exitCode).isZero();
        assertThat(lastLine())
                .startsWith("RESULT proof stress_iterations=1 stress_passed=true stress_seconds=")
                .contains(" part=stress first=2 ")
                .doesNotContain("model_", "jcstress_");
    }
}
