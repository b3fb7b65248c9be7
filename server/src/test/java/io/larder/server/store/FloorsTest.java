package io.larder.server.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Slice;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloorsTest {
    private static final int LETTERS = 3;

    /** Prefixes that nest and keys that run along them, out of few letters, one above 0x7F. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void prefixFloors_saysWhatComparingWithEachRuleSays(long seed) {
        Random random = new Random(seed);
        Map<List<Object>, Long> rules = new HashMap<>();
        PrefixFloors floors = PrefixFloors.EMPTY;
        for (int version = 1; version < 400; version++) {
            int space = random.nextInt(2);
            byte[] prefix = text(random, 1 + random.nextInt(4));
            if (random.nextInt(20) == 0) {
                long upTo = version - random.nextInt(40);
                floors = floors.above(upTo);
                rules.values().removeIf(floor -> floor <= upTo);
            }
            if (floors.hasRoomFor(space, prefix)) {
                floors = floors.raised(space, prefix, version);
                rules.put(List.of(space, new String(prefix, ISO_8859_1)), (long) version);
            }
            for (int i = 0; i < 20; i++) {
                byte[] key = text(random, random.nextInt(6));
                int of = random.nextInt(3);
                long written = random.nextInt(version + 2);
                String keyText = new String(key, ISO_8859_1);
                boolean wanted =
                        rules.entrySet().stream()
                                .anyMatch(
                                        rule ->
                                                rule.getKey().get(0).equals(of)
                                                        && keyText.startsWith(
                                                                (String) rule.getKey().get(1))
                                                        && written <= rule.getValue());
                assertThat(floors.cover(of, Slice.of(key), written))
                        .as("%s of %d in %s, seed %d", Arrays.toString(key), of, rules, seed)
                        .isEqualTo(wanted);
            }
        }
        assertThat(floors.size()).isPositive();
    }

    private static byte[] text(Random random, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) (random.nextInt(LETTERS) * 0x60);
        }
        return text;
    }

    @Test
    void tagFloors_keepTheHighestOfEachTagWhileTheyGrow() {
        Random random = new Random(7);
        Map<Long, Long> wanted = new HashMap<>();
        TagFloors floors = new TagFloors();
        for (long version = 1; version < 5_000; version++) {
            long tag = 1 + random.nextInt(700);
            floors = floors.raised(tag * 0x1_0000_0001L, version);
            wanted.put(tag * 0x1_0000_0001L, version);
        }
        for (long tag = 1; tag < 1_000; tag++) {
            long any = tag * 0x1_0000_0001L;
            assertThat(floors.floor(any)).isEqualTo(wanted.getOrDefault(any, TagFloors.NONE));
        }

        TagFloors left = floors.above(4_000);

        wanted.values().removeIf(version -> version <= 4_000);
        assertThat(left.size()).isEqualTo(wanted.size());
        wanted.forEach((tag, version) -> assertThat(left.floor(tag)).isEqualTo(version));
    }
}
