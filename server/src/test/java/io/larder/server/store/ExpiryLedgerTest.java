package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExpiryLedgerTest {
    private static final long HOUR = 3_600_000;
    private static final long WINDOW = 4_096_000;

    @Test
    void advance_pastAnExpiry_countsItWithinASecond() {
        ExpiryLedger ledger = new ExpiryLedger(0);
        ledger.add(1_500, 72);

        ledger.advance(1_400);
        assertThat(ledger.expiredItems()).isZero();
        ledger.advance(2_000);
        assertThat(ledger.expiredItems()).isEqualTo(1);
        assertThat(ledger.expiredBytes()).isEqualTo(72);
    }

    @Test
    void remove_theLastOfAFarWindow_leavesNothing() {
        ExpiryLedger ledger = new ExpiryLedger(0);
        ledger.add(3 * HOUR, 72);

        ledger.remove(3 * HOUR, 72);

        ledger.advance(6 * HOUR);
        assertThat(ledger.expiredItems()).isZero();
        assertThat(ledger.expiredBytes()).isZero();
    }

    @Test
    void add_farOff_isCountedWhenItsWindowHasEnded() {
        ExpiryLedger ledger = new ExpiryLedger(0);
        ledger.add(3 * HOUR, 72);

        ledger.advance((3 * HOUR / WINDOW + 1) * WINDOW);

        assertThat(ledger.expiredItems()).isEqualTo(1);
    }

    @Test
    void anyHistory_endsWithWhatWasAddedAndNotRemoved() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ExpiryLedger ledger = new ExpiryLedger(0);
        TreeMap<Long, Integer> expiries = new TreeMap<>();
        long now = 0;
        long latest = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(20_000);
            ledger.advance(now);
            if (expiries.isEmpty() || random.nextBoolean()) {
                long expiry = now + 1 + random.nextInt((int) (8 * HOUR));
                latest = Math.max(latest, expiry);
                ledger.add(expiry, 8);
                expiries.merge(expiry, 1, Integer::sum);
            } else {
                long expiry = expiries.firstKey();
                ledger.remove(expiry, 8);
                expiries.computeIfPresent(expiry, (e, count) -> count == 1 ? null : count - 1);
            }
        }
        ledger.advance(latest + 2 * WINDOW);

        long left = expiries.values().stream().mapToLong(Integer::longValue).sum();
        assertThat(ledger.expiredItems()).as("seed %d", seed).isEqualTo(left);
        assertThat(ledger.expiredBytes()).as("seed %d", seed).isEqualTo(left * 8);
    }
}
