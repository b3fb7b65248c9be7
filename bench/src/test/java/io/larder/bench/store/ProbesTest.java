package io.larder.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbesTest {
    private static final int ITEMS = 1_000;

    @ParameterizedTest
    @EnumSource(Distribution.class)
    void next_givesTheKeyOfTheIndexItNames_theSameForASeed(Distribution distribution) {
        Probes probes = Probes.draw(distribution, ITEMS, 3);
        Probes same = Probes.draw(distribution, ITEMS, 3);
        byte[] key = new byte[Items.KEY_BYTES];
        byte[] sameKey = new byte[Items.KEY_BYTES];
        byte[] expected = new byte[Items.KEY_BYTES];
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            probes.next(key);
            same.next(sameKey);
            Items.writeKey(probes.lastIndex(), expected, 0);
            assertThat(key).isEqualTo(expected).isEqualTo(sameKey);
            seen.add(probes.lastIndex());
        }
        assertThat(seen).hasSizeGreaterThan(ITEMS / 2).allMatch(index -> index < ITEMS);
    }

    @Test
    void keys_ofDifferentItems_differ() {
        Set<ByteBuffer> keys = new HashSet<>();
        for (int index = 0; index < ITEMS; index++) {
            byte[] key = new byte[Items.KEY_BYTES];
            Items.writeKey(index, key, 0);
            keys.add(ByteBuffer.wrap(key));
        }
        assertThat(keys).hasSize(ITEMS);
    }
}
