package io.larder.bench.linearizable;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.bench.linearizable.LinearizableRun.Outcome;
import io.larder.bench.linearizable.LinearizableRun.Plan;
import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server under clients that disagree, as it is and with faults put in. */
@Timeout(120)
class LinearizableRunTest {
    private LarderServer server;

    @BeforeEach
    void start() throws Exception {
        server =
                LarderServer.start(
                        new ConfigurationLoader()
                                .define("listeners.data.port=0")
                                .define("listeners.admin.port=0")
                                .define("listeners.http.port=0")
                                .define("store.memory=64m")
                                .load());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Outcome run(Plan plan) {
        return LinearizableRun.run(plan, server.dataAddress());
    }

    @Test
    void server_isLinearizable() {
        HistoryChecks.Tally tally = run(new Plan(20_000, 12, null, 1, List.of())).tally();

        assertThat(tally.violations()).isZero();
        assertThat(tally.undecided()).isZero();
        assertThat(tally.operations()).isBetween(19_000L, 20_000L);
        assertThat(tally.overlapping()).isPositive();
        assertThat(tally.uncertain()).isPositive();
        assertThat(tally.fills()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Plant.class)
    void plantedFault_isFound(Plant plant) {
        Plan plan = new Plan(10_000, 12, plant, 1, List.of());

        assertThat(run(plan).tally().violations()).isPositive();
    }
}
