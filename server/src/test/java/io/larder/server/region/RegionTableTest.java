package io.larder.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RegionTableTest {
    private final List<Integer> retired = new ArrayList<>();
    private final RegionTable regions = new RegionTable(retired::add);

    @Test
    void new_hasTheDefaultRegion() {
        assertThat(regions.find("default")).isEqualTo(RegionTable.DEFAULT_ID);
        assertThat(regions.space(RegionTable.DEFAULT_ID)).isEqualTo(RegionTable.SPACE_FIRST);
        assertThat(regions.isLive(RegionTable.SPACE_FIRST, 1)).isTrue();
        assertThat(regions.isLive(RegionTable.SPACE_FIRST + 1, 1)).isFalse();
        assertThat(regions.defaultTtlMillis(RegionTable.DEFAULT_ID)).isZero();
        assertThat(regions.names()).containsExactly("default");
    }

    @Test
    void open_newOrKnown_hasOneIdAndSpaceForEachName() throws Exception {
        int first = regions.open("first");
        int second = regions.open("second");
        assertThat(Set.of(RegionTable.DEFAULT_ID, first, second)).hasSize(3);
        assertThat(regions.open("first")).isEqualTo(first);
        assertThat(regions.find("second")).isEqualTo(second);
        assertThat(regions.space(first)).isNotEqualTo(regions.space(second));
        assertThat(regions.names()).containsExactly("default", "first", "second");
    }

    @Test
    void unknown_isNone() {
        assertThat(regions.find("nope")).isEqualTo(RegionTable.NONE);
        for (int id : new int[] {-1, 1, RegionTable.REGIONS_MAX, 0xFFFF}) {
            assertThat(regions.space(id)).isEqualTo(RegionTable.NONE);
            assertThatThrownBy(() -> regions.clear(id))
                    .hasMessage("regionId: " + id + " (expected: one that was opened)");
        }
    }

    @Test
    void open_ofABadName_isRefused() {
        assertThatThrownBy(() -> regions.open("Not Good"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("region: Not Good (expected: [a-z0-9._-]{1,64})");
    }

    @Test
    void open_ofTooMany_isRefusedAndTheOthersStay() throws Exception {
        for (int i = 1; i < RegionTable.REGIONS_MAX; i++) {
            regions.open("r" + i);
        }
        assertThatThrownBy(() -> regions.open("more"))
                .isInstanceOf(RegionLimitException.class)
                .hasMessage("regions: 1025 (expected: at most 1024)");
        assertThat(regions.open("r1023")).isEqualTo(1023);
    }

    @Test
    void clear_givesANewSpaceAndTellsTheOld() throws Exception {
        int id = regions.open("r");
        int before = regions.space(id);
        int after = regions.clear(id);
        assertThat(regions.space(id)).isEqualTo(after).isNotEqualTo(before);
        assertThat(regions.isLive(after, 1)).isTrue();
        assertThat(regions.isLive(before, 1)).isFalse();
        assertThat(retired).containsExactly(before);
        assertThat(regions.space(RegionTable.DEFAULT_ID)).isEqualTo(RegionTable.SPACE_FIRST);
    }

    @Test
    void clearAll_givesEveryRegionANewSpace() throws Exception {
        regions.open("a");
        regions.open("b");
        regions.clearAll();
        assertThat(retired).containsExactly(1, 2, 3);
        assertThat(List.of(regions.space(0), regions.space(1), regions.space(2)))
                .containsExactly(4, 5, 6);
    }

    @Test
    void clear_often_neverUsesASpaceTwice() throws Exception {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            assertThat(seen.add(regions.clear(0))).isTrue();
        }
        assertThat(regions.isLive(regions.space(0), 1)).isTrue();
        assertThat(retired).noneMatch(space -> regions.isLive(space, 1));
    }

    @Test
    void clear_whenSpacesHaveRunOut_isRefusedAndClearsNothing() throws Exception {
        RegionTable table = new RegionTable(space -> {});
        for (int space = RegionTable.SPACE_FIRST; space < RegionTable.SPACE_MAX; space++) {
            table.clear(0);
        }
        assertThat(table.space(0)).isEqualTo(RegionTable.SPACE_MAX);
        assertThatThrownBy(() -> table.clear(0)).isInstanceOf(RegionLimitException.class);
        assertThat(table.space(0)).isEqualTo(RegionTable.SPACE_MAX);
        assertThat(table.isLive(RegionTable.SPACE_MAX, 1)).isTrue();
    }

    @Test
    void space_whileOthersClear_isLiveNowOrWasBefore() throws Exception {
        RegionTable table = new RegionTable(space -> {});
        AtomicBoolean failed = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        Thread reader =
                new Thread(
                        () -> {
                            while (done.getCount() > 0) {
                                int space = table.space(0);
                                boolean isLive = table.isLive(space, 1);
                                if (!isLive && table.space(0) == space) {
                                    failed.set(true);
                                }
                            }
                        });
        reader.start();
        for (int i = 0; i < 100_000; i++) {
            table.clear(0);
        }
        done.countDown();
        reader.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(failed).isFalse();
    }

    @Test
    void new_withSettings_hasThoseRegionsByName() throws Exception {
        RegionSettings carts = new RegionSettings(60_000, 0, 0, false);
        RegionTable table = new RegionTable(Map.of("carts", carts, "default", carts), any -> {});

        assertThat(table.names()).containsExactly("default", "carts");
        assertThat(table.defaultTtlMillis(table.find("carts"))).isEqualTo(60_000);
        assertThat(table.defaultTtlMillis(RegionTable.DEFAULT_ID)).isEqualTo(60_000);
        assertThat(table.settings(table.open("other"))).isEqualTo(RegionSettings.DEFAULT);
    }

    @Test
    void stats_countReads_andAreNullOfWhatIsNotThere() {
        regions.countRead(RegionTable.DEFAULT_ID, true);
        regions.countRead(RegionTable.DEFAULT_ID, true);
        regions.countRead(RegionTable.DEFAULT_ID, false);

        assertThat(regions.stats("default"))
                .isEqualTo(new RegionStats("default", RegionSettings.DEFAULT, 0, 0, 2, 1, 0, 0));
        assertThat(regions.stats("nope")).isNull();
    }
}
