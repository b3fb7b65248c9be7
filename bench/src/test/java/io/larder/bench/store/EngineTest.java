package io.larder.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTest {
    private static final int ITEMS = 1_000;

    /** Chronicle Map is left to the command: it asks more of its JVM than this one has. */
    @ParameterizedTest
    @EnumSource(value = EngineKind.class, mode = EnumSource.Mode.EXCLUDE, names = "chronicle")
    void engine_keepsWhatItIsGiven(EngineKind kind) {
        byte[] key = new byte[Items.KEY_BYTES];
        byte[] value = new byte[Items.VALUE_BYTES];
        byte[] target = new byte[Items.VALUE_BYTES];
        try (Engine engine = kind.open(ITEMS)) {
            Engine.Session session = engine.session();
            for (int index = 0; index < ITEMS; index++) {
                Items.writeKey(index, key, 0);
                Items.writeValue(index + 1, value);
                session.set(key, value);
                Items.writeValue(index, value);
                session.set(key, value);
            }
            assertThat(engine.items()).isEqualTo(ITEMS);
            for (int index = 0; index < ITEMS; index++) {
                Items.writeKey(index, key, 0);
                Items.writeValue(index, value);
                assertThat(session.get(key, target)).isEqualTo(Items.VALUE_BYTES);
                assertThat(target).isEqualTo(value);
            }
            Items.writeKey(ITEMS, key, 0);
            assertThat(session.get(key, target)).isEqualTo(Engine.MISS);
        }
    }

    @Test
    void jvmOptions_forMoreItems_giveAMapMoreHeap() {
        assertThat(EngineKind.chm.jvmOptions(1_000_000)).contains("-Xmx1149m");
        assertThat(EngineKind.larder.jvmOptions(1_000_000)).contains("-Xmx768m");
    }
}
