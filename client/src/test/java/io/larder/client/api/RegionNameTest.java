package io.larder.client.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RegionNameTest {
    @Test
    void nameThatARegionCanHave_isTheRegions() {
        assertThat(RegionName.of("users.by_id-1")).isEqualTo("users.by_id-1");
        assertThat(RegionName.of("a".repeat(64))).isEqualTo("a".repeat(64));
    }

    @Test
    void nameOfAClass_canBeReadInTheRegions() {
        assertThat(RegionName.of("com.acme.User#friends"))
                .matches("com\\.acme\\.user-friends\\.[0-9a-f]{16}");
    }

    @Test
    void namesThatDifferInWhatIsNotKept_haveTheirOwnRegions() {
        assertThat(RegionName.of("User")).isNotEqualTo(RegionName.of("uSer"));
        assertThat(RegionName.of("x".repeat(65) + "1"))
                .hasSizeLessThanOrEqualTo(64)
                .isNotEqualTo(RegionName.of("x".repeat(65) + "2"));
    }

    @Test
    void lengthBeyondTheLimit_namesIt() {
        assertThat(RegionName.of("n".repeat(RegionName.CACHE_NAME_LENGTH_MAX))).hasSize(64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionName.of("n".repeat(1_025)))
                .withMessage("cacheNameLength: 1025 (expected: 1..1024)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionName.of(""))
                .withMessage("cacheNameLength: 0 (expected: 1..1024)");
    }
}
