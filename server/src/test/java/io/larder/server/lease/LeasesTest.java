package io.larder.server.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.lease.Leases.Answer;
import io.larder.server.memory.Slice;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.store.MapStore;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private static final int SPACE = 1;

    private final MapStore store = new MapStore();
    private final Leases leases = new Leases(store, new LeaseLimits(3, 2, 10, 20));
    private final LeaseHolder holder = new LeaseHolder();
    private final LeaseRequest request = new LeaseRequest();
    private long now = 1_000;

    private LeaseRequest request(int key) {
        return request(request, key, holder);
    }

    private LeaseRequest request(LeaseRequest carrier, int key, LeaseHolder asker) {
        carrier.key.wrap(store.hasher(), SPACE, new byte[] {(byte) key});
        carrier.version = Mutation.VERSION_ABSENT;
        carrier.holder = asker;
        carrier.leaseMillis = 100;
        carrier.nowMillis = now;
        carrier.waiter = null;
        return carrier;
    }

    private Answer acquire(int key) {
        return leases.acquire(request(key));
    }

    private long hash(int key) {
        return request(new LeaseRequest(), key, holder).key.hash();
    }

    private WriteStatus fill(int key, long token) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), SPACE, new byte[] {(byte) key});
        mutation.value.wrap(new byte[] {7}, 0, 1);
        mutation.fill = token;
        return store.put(mutation, now);
    }

    private long figure(String name) {
        MetricsRegistry metrics = new MetricsRegistry();
        leases.registerMetrics(metrics);
        List<Long> found = new ArrayList<>();
        metrics.forEach(
                (each, value) -> {
                    if (each.equals(name)) {
                        found.add(value.longValue());
                    }
                });
        return found.get(0);
    }

    @Test
    void acquire_isGrantedOnce_untilItEnds() {
        assertThat(acquire(1)).isEqualTo(Answer.YOURS);
        long token = request.token;
        assertThat(acquire(1)).isEqualTo(Answer.OTHERS);
        assertThat(leases.holds(hash(1), token, now)).isTrue();
        assertThat(leases.end(hash(1), token + 1)).isFalse();
        assertThat(leases.end(hash(1), token)).isTrue();
        assertThat(leases.end(hash(1), token)).isFalse();
        assertThat(fill(1, token)).isEqualTo(WriteStatus.CHANGED);
        assertThat(acquire(1)).isEqualTo(Answer.YOURS);
        assertThat(fill(1, request.token)).isEqualTo(WriteStatus.DONE);
    }

    @Test
    void acquire_ofAPresentKey_isChanged() {
        fill(1, Mutation.NO_FILL);

        assertThat(acquire(1)).isEqualTo(Answer.CHANGED);
        assertThat(figure("leases")).isZero();
    }

    @Test
    void moreLeasesThanTheBound_areNotGranted() {
        acquire(1);
        acquire(2);
        acquire(3);
        assertThat(acquire(4)).isEqualTo(Answer.FULL);
        assertThat(figure("leases")).isEqualTo(3);

        leases.onChange(hash(1), Mutation.NO_FILL);

        assertThat(acquire(4)).isEqualTo(Answer.YOURS);
        assertThat(figure("leases_voided")).isEqualTo(1);
    }

    @Test
    void moreWaitersThanTheBound_areTurnedAway_andEachIsToldOnce() {
        acquire(1);
        AtomicInteger told = new AtomicInteger();
        List<LeaseWaiter> waiters =
                List.of(told::incrementAndGet, told::incrementAndGet, told::incrementAndGet);
        assertThat(park(waiters.get(0))).isEqualTo(Answer.PARKED);
        assertThat(park(waiters.get(1))).isEqualTo(Answer.PARKED);
        assertThat(park(waiters.get(2))).isEqualTo(Answer.OTHERS);
        assertThat(leases.leave(hash(1), waiters.get(0))).isTrue();
        assertThat(leases.leave(hash(1), waiters.get(0))).isFalse();
        assertThat(park(waiters.get(2))).isEqualTo(Answer.PARKED);

        leases.endAll(holder);

        assertThat(told).hasValue(2);
        assertThat(leases.leave(hash(1), waiters.get(1))).isFalse();
        assertThat(figure("parked_requests")).isZero();
    }

    private Answer park(LeaseWaiter waiter) {
        request(1).waiter = waiter;
        return leases.acquire(request);
    }

    @Test
    void timeOver_endsTheLease_forWhoAsksNext_andForItsHolder() {
        acquire(1);
        long token = request.token;
        now += 100;
        assertThat(leases.holds(hash(1), token, now)).isFalse();
        assertThat(acquire(1)).isEqualTo(Answer.CHANGED);
        assertThat(acquire(1)).isEqualTo(Answer.YOURS);
        assertThat(fill(1, token)).isEqualTo(WriteStatus.CHANGED);

        now += 100;
        leases.endOver(holder, now);

        assertThat(figure("leases")).isZero();
        assertThat(figure("leases_voided")).isZero();
    }

    @Test
    void holderThatGoes_losesItsLeases_andNoOthers() {
        LeaseHolder another = new LeaseHolder();
        acquire(1);
        leases.acquire(request(request, 2, another));

        leases.endAll(holder);

        assertThat(acquire(1)).isEqualTo(Answer.YOURS);
        assertThat(acquire(2)).isEqualTo(Answer.OTHERS);
    }

    @Test
    void clearedSpace_endsItsLeases() {
        acquire(1);
        leases.onSpaceCleared(SPACE + 1);
        assertThat(figure("leases")).isEqualTo(1);

        leases.onSpaceCleared(SPACE);

        assertThat(figure("leases")).isZero();
        assertThat(figure("leases_voided")).isEqualTo(1);
    }

    /** However they meet, one at a time has the lease, and what waits is told. */
    @Test
    void clears_endTheLeasesTheyConcern_andListenersAreTold() {
        List<String> told = new ArrayList<>();
        LeaseListener listener =
                new LeaseListener() {
                    @Override
                    public void granted(int space, long hash, byte[] key, long token) {
                        told.add("granted " + key[0]);
                    }

                    @Override
                    public void ended(int space, long hash, byte[] key, long token) {
                        told.add("ended " + key[0]);
                    }
                };
        Leases watched = new Leases(store, LeaseLimits.DEFAULT, listener);
        for (int key = 1; key <= 3; key++) {
            request(key).tags = new long[] {10 + key, 99};
            assertThat(watched.acquire(request)).isEqualTo(Answer.YOURS);
        }
        watched.onPrefixCleared(SPACE + 1, Slice.of(new byte[] {1}));
        watched.onPrefixCleared(SPACE, Slice.of(new byte[] {1, 1}));
        watched.onTagCleared(14);
        assertThat(told).containsExactly("granted 1", "granted 2", "granted 3");

        watched.onPrefixCleared(SPACE, Slice.of(new byte[] {1}));
        watched.onTagCleared(12);
        watched.onTagCleared(99);
        assertThat(told).endsWith("ended 1", "ended 2", "ended 3").hasSize(6);
    }

    @Test
    void keyLongerThanWhatIsKept_isEndedByAPrefixAsLong() {
        byte[] key = new byte[2 * Leases.KEY_BYTES_KEPT];
        key[key.length - 1] = 1;
        request.key.wrap(store.hasher(), SPACE, key);
        request.version = Mutation.VERSION_ABSENT;
        request.leaseMillis = 100;
        request.nowMillis = now;
        request.holder = holder;
        assertThat(leases.acquire(request)).isEqualTo(Answer.YOURS);
        byte[] other = key.clone();
        other[Leases.KEY_BYTES_KEPT - 1] = 1;
        leases.onPrefixCleared(SPACE, Slice.of(other));
        assertThat(figure("leases")).isOne();
        leases.onPrefixCleared(SPACE, Slice.of(key));

        assertThat(figure("leases")).isZero();
    }

    @Test
    void manyThreads_loadOneAfterTheOther_andNoneIsForgotten() throws Exception {
        int threads = 4;
        int rounds = 2_000;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger loads = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread =
                    new Thread(
                            () -> {
                                LeaseRequest own = new LeaseRequest();
                                LeaseHolder self = new LeaseHolder();
                                for (int round = 0; round < rounds; round++) {
                                    loadOnce(own, self, inside, loads, overlaps);
                                }
                            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(loads).hasValue(threads * rounds);
        assertThat(overlaps).hasValue(0);
        assertThat(figure("parked_requests")).isZero();
        assertThat(figure("leases")).isZero();
    }

    private void loadOnce(
            LeaseRequest own,
            LeaseHolder self,
            AtomicInteger inside,
            AtomicInteger loads,
            AtomicInteger overlaps) {
        while (true) {
            CountDownLatch told = new CountDownLatch(1);
            request(own, 1, self).waiter = told::countDown;
            Answer answer = leases.acquire(own);
            if (answer == Answer.YOURS) {
                if (inside.incrementAndGet() != 1) {
                    overlaps.incrementAndGet();
                }
                loads.incrementAndGet();
                inside.decrementAndGet();
                leases.end(own.key.hash(), own.token);
                return;
            }
            if (answer == Answer.PARKED) {
                try {
                    told.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            } else {
                Thread.yield(); // two may wait at a time
            }
        }
    }
}
