package io.larder.bench.near;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.api.NearOptions;
import io.larder.client.net.CopyKeeper;
import io.larder.client.net.TrackedServer;
import io.larder.client.net.TrackingCache;
import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The run finds nothing in a near cache that is whole, and something in one that is not. */
@Timeout(120)
@Tag("slow")
class NearRunTest {
    private static final int SECONDS = 6; // each phase once
    private static final NearOptions OPTIONS =
            NearOptions.DEFAULT.withHeartbeat(Duration.ofMillis(250));

    private static NearRun.Outcome run(UnaryOperator<TrackingCache> twin) throws Exception {
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=64m")
                        .define("near.tracking.memory=1m")
                        .define("listeners.data.port=0")
                        .define("listeners.admin.port=0")
                        .define("listeners.http.port=0");
        try (LarderServer server = LarderServer.start(loader.load())) {
            return new NearRun(OPTIONS, twin, 1).run(server.dataAddress(), SECONDS);
        }
    }

    /** A region whose keeper of copies does not hear that pushes are missing. */
    private static TrackingCache ignoringGaps(TrackingCache region) {
        InvocationHandler handler =
                (proxy, method, arguments) -> {
                    if (method.getName().equals("register")) {
                        region.register(
                                (TrackedServer) arguments[0],
                                deafToGaps((CopyKeeper) arguments[1]),
                                (long) arguments[2]);
                        return null;
                    }
                    try {
                        return method.invoke(region, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                };
        return (TrackingCache)
                Proxy.newProxyInstance(
                        NearRunTest.class.getClassLoader(),
                        new Class<?>[] {TrackingCache.class},
                        handler);
    }

    private static CopyKeeper deafToGaps(CopyKeeper keeper) {
        return new CopyKeeper() {
            @Override
            public void changed(byte[] key) {
                keeper.changed(key);
            }

            @Override
            public void dropAll(DropReason reason) {
                if (reason != DropReason.GAP) {
                    keeper.dropAll(reason);
                }
            }
        };
    }

    @Test
    void nearCache_servesNothingTooOld() throws Exception {
        NearRun.Outcome outcome = run(UnaryOperator.identity());

        assertThat(outcome.tally().stale.sum()).isZero();
        assertThat(outcome.tally().wrong.sum()).isZero();
        assertThat(outcome.nearHits()).isPositive();
        assertThat(outcome.faults().dropped()).isPositive();
    }

    @Test
    void nearCacheThatIgnoresGaps_isFoundOut() throws Exception {
        NearRun.Outcome outcome = run(NearRunTest::ignoringGaps);

        assertThat(outcome.tally().stale.sum()).isPositive();
    }
}
