package io.larder.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RateLimits limits = new RateLimits();
    private long nowNanos = System.nanoTime() + SECOND_NANOS;

    private int taken(RateLimits.Client client, CommandGroup group, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += client.take(group, nowNanos) == 0 ? 1 : 0;
        }
        return taken;
    }

    @Test
    void take_withoutARate_isAlwaysAllowed() {
        RateLimits.Client client = limits.enter("a");
        assertThat(limits.isOn()).isFalse();
        assertThat(taken(client, CommandGroup.READ, 10_000)).isEqualTo(10_000);
    }

    @Test
    void take_holdsASecondsWorth_andRefillsEvenly() {
        limits.reconfigure(Map.of(CommandGroup.READ, 100));
        RateLimits.Client client = limits.enter("a");
        assertThat(limits.isOn()).isTrue();
        assertThat(taken(client, CommandGroup.READ, 1_000)).isEqualTo(100);
        nowNanos += SECOND_NANOS / 10;
        assertThat(taken(client, CommandGroup.READ, 1_000)).isEqualTo(10);
        nowNanos += 60 * SECOND_NANOS;
        assertThat(taken(client, CommandGroup.READ, 1_000)).isEqualTo(100);
    }

    @Test
    void take_whenRefused_tellsWhenTheNextOneMay() {
        limits.reconfigure(Map.of(CommandGroup.READ, 4));
        RateLimits.Client client = limits.enter("a");
        taken(client, CommandGroup.READ, 4);
        long waitNanos = client.take(CommandGroup.READ, nowNanos);
        assertThat(waitNanos).isEqualTo(SECOND_NANOS / 4);
        nowNanos += waitNanos - 1;
        assertThat(client.take(CommandGroup.READ, nowNanos)).isEqualTo(1);
        nowNanos += 1;
        assertThat(client.take(CommandGroup.READ, nowNanos)).isZero();
    }

    @Test
    void groupsAndClients_haveBucketsOfTheirOwn_andOneNameShares() {
        limits.reconfigure(Map.of(CommandGroup.READ, 5, CommandGroup.WRITE, 3));
        RateLimits.Client first = limits.enter("a");
        RateLimits.Client second = limits.enter("a");
        RateLimits.Client other = limits.enter("b");
        assertThat(taken(first, CommandGroup.READ, 4)).isEqualTo(4);
        assertThat(taken(second, CommandGroup.READ, 4)).isEqualTo(1);
        assertThat(taken(second, CommandGroup.WRITE, 4)).isEqualTo(3);
        assertThat(taken(other, CommandGroup.READ, 9)).isEqualTo(5);
        assertThat(taken(other, CommandGroup.SCAN, 9)).isEqualTo(9);
    }

    @Test
    void reconfigure_holdsForClientsThatAreThere() {
        RateLimits.Client client = limits.enter("a");
        limits.reconfigure(Map.of(CommandGroup.READ, 2));
        assertThat(taken(client, CommandGroup.READ, 9)).isEqualTo(2);
        limits.reconfigure(Map.of(CommandGroup.READ, 0));
        assertThat(taken(client, CommandGroup.READ, 9)).isEqualTo(9);
    }

    @Test
    void rename_leadsToTheOtherNamesBucket_andForgetsItsOwn() {
        limits.reconfigure(Map.of(CommandGroup.READ, 5));
        RateLimits.Client one = limits.enter("a").rename("user");
        RateLimits.Client other = limits.enter("b").rename("user");

        assertThat(taken(one, CommandGroup.READ, 4)).isEqualTo(4);
        assertThat(taken(other, CommandGroup.READ, 4)).isEqualTo(1);
        assertThat(other.rename("user")).isSameAs(other);
        assertThat(limits.clients()).isEqualTo(1);
        one.leave();
        other.leave();
        assertThat(limits.clients()).isZero();
    }

    @Test
    void clients_areForgotten_withTheirLastConnection() {
        RateLimits.Client first = limits.enter("a");
        RateLimits.Client second = limits.enter("a");
        first.leave();
        assertThat(limits.clients()).isEqualTo(1);
        second.leave();
        assertThat(limits.clients()).isZero();
    }

    @Test
    void take_byManyThreads_givesEachTokenOnce() throws InterruptedException {
        limits.reconfigure(Map.of(CommandGroup.READ, 10_000));
        RateLimits.Client client = limits.enter("a");
        AtomicInteger taken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread =
                    new Thread(() -> taken.addAndGet(taken(client, CommandGroup.READ, 9_000)));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(10_000);
    }
}
