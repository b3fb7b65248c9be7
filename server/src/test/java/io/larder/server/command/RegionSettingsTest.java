package io.larder.server.command;

import static io.larder.protocol.ExtensionType.EXPIRES_IN;
import static io.larder.protocol.ExtensionType.LIMIT;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.LarderStore;
import io.larder.server.region.RegionSettings;
import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator settles for a region, as a client meets it. */
class RegionSettingsTest {
    private static final long QUOTA_BYTES = 4_000;

    private final RegionTable regions =
            new RegionTable(
                    Map.of(
                            "vault", new RegionSettings(0, 0, QUOTA_BYTES, true),
                            "short", new RegionSettings(500_000, 0, 0, false),
                            "idle", new RegionSettings(0, 800_000, 0, false)),
                    space -> {});
    private final LarderStore store = LarderStore.open(16 << 20);
    private final CommandFixture fixture =
            new CommandFixture(store.store(), CommandLimits.DEFAULT, regions);

    @BeforeEach
    void open() {
        regions.attach(store.spaces());
        fixture.nowMillis = store.clock().nowMillis();
        fixture.greet();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RequestFrame set(String region, String key, int bytes) {
        return RequestFrame.set(key, "v".repeat(bytes)).region(regions.find(region));
    }

    private long expiresInMillis(String region, RequestFrame set) {
        assertThat(fixture.send(set).status()).isEqualTo(Status.OK);
        RequestFrame get = RequestFrame.get("k").flags(RETURN_META).region(regions.find(region));
        return fixture.send(get).number(EXPIRES_IN);
    }

    @Test
    void set_beyondTheQuotaOfARegionThatNeverEvicts_namesBoth() {
        assertThat(fixture.send(set("vault", "a", 3_900)).status()).isEqualTo(Status.OK);

        ReplyFrame reply = fixture.send(set("vault", "b", 100));

        assertThat(reply.status()).isEqualTo(Status.OUT_OF_CAPACITY);
        assertThat(reply.text())
                .isEqualTo(
                        "region vault: full (expected: at most 4000 bytes of items, its quota,"
                                + " and it never evicts)");
        assertThat(reply.number(LIMIT)).isEqualTo(QUOTA_BYTES);
        assertThat(fixture.send(set("default", "b", 100)).status()).isEqualTo(Status.OK);
    }

    @Test
    void clear_emptiesTheQuota_andTheFiguresGoOn() {
        fixture.send(set("vault", "a", 3_900));

        fixture.send(RequestFrame.of(Opcode.CLEAR).region(regions.find("vault")));

        assertThat(fixture.send(set("vault", "b", 3_900)).status()).isEqualTo(Status.OK);
        RegionStats stats = regions.stats("vault");
        assertThat(stats.items()).isEqualTo(1);
        assertThat(stats.writes()).isEqualTo(2);
    }

    @Test
    void set_withoutALifetime_hasTheRegions() {
        assertThat(expiresInMillis("short", set("short", "k", 1))).isEqualTo(500_000);
        assertThat(expiresInMillis("idle", set("idle", "k", 1))).isEqualTo(800_000);
        assertThat(expiresInMillis("default", set("default", "k", 1))).isEqualTo(-1);
    }

    @Test
    void reads_countForTheirRegion() {
        fixture.send(set("short", "k", 1));
        fixture.send(RequestFrame.get("k").region(regions.find("short")));
        fixture.send(RequestFrame.get("nothing").region(regions.find("short")));

        RegionStats stats = regions.stats("short");
        assertThat(stats.hits()).isEqualTo(1);
        assertThat(stats.misses()).isEqualTo(1);
        assertThat(regions.stats("default").hits()).isZero();
    }
}
