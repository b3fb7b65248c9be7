package io.larder.server.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Slice;
import io.larder.server.store.Key;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.RemovalCause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleLogTest {
    private static final int SPACE = 0xABCDEF;
    private static final long EXPIRY = (1L << 40) - 1;

    private final SampleLog log = new SampleLog((byte) ':');
    private final KeyHasher hasher = new KeyHasher(1, 2);
    private final List<String> seen = new ArrayList<>();

    private Key key(String text) {
        return new Key().wrap(hasher, SPACE, text.getBytes(UTF_8));
    }

    private int drain() {
        return log.drain(
                sample ->
                        seen.add(
                                sample.kind()
                                        + " "
                                        + Integer.toHexString(sample.space())
                                        + " "
                                        + sample.itemBytes()
                                        + " "
                                        + sample.expiryMillis()
                                        + " "
                                        + sample.weight()
                                        + " "
                                        + new String(sample.prefix(), UTF_8)),
                10_000);
    }

    @Test
    void whatIsTold_isReadAsItWas_inItsOrder() {
        log.sample(0, 3, 0);
        Key key = key("user:1");
        long weight = log.wants(key.hash()) && isPassing(key) ? 8 : 0;

        log.read(key, true, Integer.MAX_VALUE, EXPIRY);
        log.read(key, false, 0, 0);
        log.stored(key, true, 32, 5);
        log.stored(key, false, 40, 6);

        assertThat(drain()).isEqualTo(4);
        assertThat(seen)
                .containsExactly(
                        "HIT abcdef 2147483647 " + EXPIRY + " " + weight + " user:",
                        "MISS abcdef 0 0 " + weight + " user:",
                        "NEW abcdef 32 5 " + weight + " user:",
                        "OVERWRITE abcdef 40 6 " + weight + " user:");
    }

    /** Whether the key's turn is 0. */
    private boolean isPassing(Key key) {
        SampleLog other = new SampleLog((byte) ':');
        other.sample(20, 3, 0);
        return other.wants(key.hash());
    }

    @Test
    void removals_areToldByTheirCause() {
        log.sample(0, 0, 0);
        Slice bytes = Slice.of("a:b".getBytes(UTF_8));
        for (RemovalCause cause : RemovalCause.values()) {
            if (cause != RemovalCause.OVERWRITTEN) {
                log.removed(cause, 1, 7, bytes);
            }
        }

        drain();
        assertThat(seen)
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactlyInAnyOrder("EVICTED", "EVICTED", "EXPIRED", "DELETED", "CLEARED");
    }

    @Test
    void prefix_endsWithTheFirstSeparator_ifThatIsAmongItsFirst40Bytes() {
        log.sample(0, 0, 0);
        for (String text :
                List.of(":", "a:b:c", "none", "x".repeat(39) + ":y", "x".repeat(40) + ":y")) {
            log.read(key(text), false, 0, 0);
        }

        drain();
        assertThat(seen)
                .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .containsExactly(":", "a:", "", "x".repeat(39) + ":", "");
    }

    @Test
    void whatFindsNoRoom_isCounted_andTheRestIsWhole() {
        log.sample(0, 0, 0);
        Key key = key("user:1");
        for (int record = 0; record < 1_500; record++) {
            log.read(key, true, 100, EXPIRY);
        }

        assertThat(log.dropped()).isEqualTo(1_500 - 1_024);
        assertThat(drain()).isEqualTo(1_024);
        assertThat(seen).containsOnly("HIT abcdef 100 " + EXPIRY + " 1 user:");
    }
}
