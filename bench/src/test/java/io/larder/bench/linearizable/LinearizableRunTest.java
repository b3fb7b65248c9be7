package io.larder.bench.linearizable;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.bench.linearizable.LinearizableRun.Outcome;
import io.larder.bench.linearizable.LinearizableRun.Plan;
import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server under clients that disagree, as it is and with faults put in. */
@Timeout(120)
class LinearizableRunTest {
    private LarderServer server;

    @TempDir private Path directory;

    private void start(String... settings) throws Exception {
        ConfigurationLoader configuration =
                new ConfigurationLoader()
                        .define("listeners.data.port=0")
                        .define("listeners.admin.port=0")
                        .define("listeners.http.port=0");
        for (String setting : settings) {
            configuration.define(setting);
        }
        server = LarderServer.start(configuration.load());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Outcome run(Plan plan) {
        String admin =
                server.adminAddress().getHostString() + ':' + server.adminAddress().getPort();
        return LinearizableRun.run(plan, new Endpoint(server.dataAddress(), admin));
    }

    @Test
    void server_isLinearizable() throws Exception {
        start("store.memory=64m");
        HistoryChecks.Tally tally =
                run(new Plan(20_000, 12, false, false, 0, null, 1, List.of())).tally();

        assertThat(tally.violations()).isZero();
        assertThat(tally.undecided()).isZero();
        assertThat(tally.operations()).isBetween(19_000L, 20_000L);
        assertThat(tally.overlapping()).isPositive();
        assertThat(tally.uncertain()).isPositive();
        assertThat(tally.fills()).isPositive();
    }

    @Test
    @Tag("slow")
    void serverThatEvictsToDiskAndReadsBack_isLinearizable() throws Exception {
        start(
                "store.memory=8m",
                "tier.rocksdb.path=" + directory.resolve("tier"),
                "tier.rocksdb.max-bytes=64m");
        Outcome outcome = run(new Plan(60_000, 12, true, false, 0, null, 1, List.of()));

        assertThat(outcome.tally().violations()).isZero();
        assertThat(outcome.tally().undecided()).isZero();
        assertThat(outcome.tally().evicted()).isPositive();
        assertThat(outcome.evictions().items()).isPositive();
    }

    @Test
    @Tag("slow")
    void serverWhoseLimitGoesUpAndDown_isLinearizable() throws Exception {
        start("store.memory=8m", "store.memory.max=16m");
        Outcome outcome = run(new Plan(60_000, 12, true, true, 0, null, 1, List.of()));

        assertThat(outcome.tally().violations()).isZero();
        assertThat(outcome.tally().undecided()).isZero();
        assertThat(outcome.limitChanges()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Plant.class)
    void plantedFault_isFound(Plant plant) throws Exception {
        start("store.memory=64m");
        Plan plan = new Plan(10_000, 12, false, false, 0, plant, 1, List.of());

        assertThat(run(plan).tally().violations()).isPositive();
    }
}
