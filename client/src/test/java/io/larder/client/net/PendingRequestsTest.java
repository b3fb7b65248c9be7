package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {
    private static final long FAR = 1_000_000;

    private final PendingRequests pending = new PendingRequests(4, 0);
    private final List<Call<?>> handedOver = new ArrayList<>();

    @Test
    void add_thenSlotOf_findsTheCall() {
        Call<?> first = Calls.get(FAR);
        Call<?> second = Calls.get(FAR);
        int firstId = pending.add(first);
        int secondId = pending.add(second);

        assertThat(pending.callAt(pending.slotOf(firstId))).isSameAs(first);
        assertThat(pending.callAt(pending.slotOf(secondId))).isSameAs(second);
        assertThat(pending.unanswered()).isEqualTo(2);
        assertThat(pending.unansweredBytes()).isEqualTo(2L * first.frameBytes());
    }

    @Test
    void capacity_isRoundedUpToAPowerOfTwo() {
        assertThat(new PendingRequests(1, 0).capacity()).isEqualTo(2);
        assertThat(new PendingRequests(5, 0).capacity()).isEqualTo(8);
        assertThat(new PendingRequests(4_096, 0).capacity()).isEqualTo(4_096);
        assertThat(new PendingRequests(1 << 16, 0).capacity()).isEqualTo(1 << 16);
    }

    @Test
    void slotOf_neverIssuedId_isNone() {
        int id = pending.add(Calls.get(FAR));

        assertThat(pending.slotOf(0)).isNegative();
        assertThat(pending.slotOf(id + 1)).isNegative();
        assertThat(pending.slotOf(id + pending.capacity())).isNegative();
        assertThat(pending.slotOf(-1)).isNegative();
    }

    @Test
    void slotOf_afterRelease_isNone_alsoWhenTheSlotIsTakenAgain() {
        int id = pending.add(Calls.get(FAR));
        int slot = pending.slotOf(id);
        pending.release(slot);

        assertThat(pending.slotOf(id)).isNegative();
        int again = pending.add(Calls.get(FAR));
        assertThat(pending.slotOf(again)).isEqualTo(slot);
        assertThat(pending.slotOf(id)).isNegative();
    }

    @Test
    void ids_areNeverZeroAndRepeatOnlyAfterAllGenerations() {
        PendingRequests narrow = new PendingRequests(1 << 16, 0);
        Set<Integer> ids = new HashSet<>();
        int generations = (1 << 16) - 1;
        int id = 0;
        for (int i = 0; i < generations; i++) {
            id = narrow.add(Calls.get(FAR));
            assertThat(id).isNotZero();
            ids.add(id);
            narrow.release(narrow.slotOf(id));
        }
        assertThat(ids).hasSize(generations);
        int wrapped = narrow.add(Calls.get(FAR));
        assertThat(ids).contains(wrapped);
        assertThat(wrapped >>> 16).isEqualTo(1);
    }

    @Test
    void expire_beforeTheDeadline_doesNothing() {
        pending.add(Calls.get(100));

        pending.expire(99, handedOver::add);

        assertThat(handedOver).isEmpty();
    }

    @Test
    void expire_atTheDeadline_abandonsTheRequest() {
        Call<?> call = Calls.get(100);
        int id = pending.add(call);

        pending.expire(100, handedOver::add);

        assertThat(handedOver).containsExactly(call);
        assertThat(pending.abandoned()).isEqualTo(1);
        assertThat(pending.unanswered()).isEqualTo(1);
        int slot = pending.slotOf(id);
        assertThat(slot).isNotNegative();
        assertThat(pending.callAt(slot)).isNull();
    }

    @Test
    void lateReply_freesTheAbandonedSlot() {
        int id = pending.add(Calls.get(100));
        pending.expire(100, handedOver::add);

        pending.release(pending.slotOf(id));

        assertThat(pending.unanswered()).isZero();
        assertThat(pending.abandoned()).isZero();
        assertThat(pending.unansweredBytes()).isZero();
        assertThat(pending.slotOf(id)).isNegative();
    }

    @Test
    void abandonedSlots_areNotTakenAgain() {
        Set<Integer> slots = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            slots.add(pending.slotOf(pending.add(Calls.get(100))));
        }
        pending.expire(100, handedOver::add);

        int last = pending.slotOf(pending.add(Calls.get(FAR)));

        assertThat(slots).hasSize(3).doesNotContain(last);
    }

    @Test
    void expire_takesEachCallOnceAndInAnyOrderOfDeadlines() {
        Call<?> late = Calls.get(300);
        Call<?> early = Calls.get(100);
        Call<?> middle = Calls.get(200);
        pending.add(late);
        pending.add(early);
        pending.add(middle);

        pending.expire(150, handedOver::add);
        assertThat(handedOver).containsExactly(early);
        pending.expire(250, handedOver::add);
        assertThat(handedOver).containsExactly(early, middle);
        pending.expire(1_000, handedOver::add);
        pending.expire(2_000, handedOver::add);
        assertThat(handedOver).containsExactly(early, middle, late);
    }

    @Test
    void expire_withAClockThatWrapsAround() {
        long epoch = Long.MAX_VALUE - 50;
        PendingRequests wrapping = new PendingRequests(4, epoch);
        Call<?> call = Call.of(Calls.get(1).request, ReplyReaders.VALUE, epoch, 100);
        wrapping.add(call);

        wrapping.expire(epoch + 99, handedOver::add);
        assertThat(handedOver).isEmpty();
        wrapping.expire(epoch + 100, handedOver::add);
        assertThat(handedOver).containsExactly(call);
    }

    @Test
    void releaseAll_freesEverythingAndHandsOverWhatWasNotAbandoned() {
        Call<?> call = Calls.get(FAR);
        int abandonedId = pending.add(Calls.get(100));
        int pendingId = pending.add(call);
        pending.expire(100, it -> {});

        pending.releaseAll(handedOver::add);

        assertThat(handedOver).containsExactly(call);
        assertThat(pending.unanswered()).isZero();
        assertThat(pending.abandoned()).isZero();
        assertThat(pending.slotOf(abandonedId)).isNegative();
        assertThat(pending.slotOf(pendingId)).isNegative();
    }

    @Test
    void randomOperations_behaveAsAMap() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        PendingRequests table = new PendingRequests(16, 0);
        Map<Integer, Call<?>> model = new HashMap<>();
        long now = 0;
        for (int i = 0; i < 100_000; i++) {
            int choice = random.nextInt(10);
            if (choice < 5 && model.size() < table.capacity()) {
                Call<?> call = Calls.get(now + 1 + random.nextInt(100));
                assertThat(model.put(table.add(call), call)).as("seed %s", seed).isNull();
            } else if (choice < 9 && !model.isEmpty()) {
                List<Integer> ids = new ArrayList<>(model.keySet());
                int id = ids.get(random.nextInt(ids.size()));
                int slot = table.slotOf(id);
                assertThat(table.callAt(slot)).as("seed %s", seed).isSameAs(model.remove(id));
                table.release(slot);
            } else {
                now += random.nextInt(20);
                Set<Call<?>> expired = new HashSet<>();
                table.expire(now, expired::add);
                long time = now;
                Set<Call<?>> expected = new HashSet<>();
                model.replaceAll(
                        (id, call) -> {
                            if (call != null && call.deadlineNanos <= time) {
                                expected.add(call);
                                return null;
                            }
                            return call;
                        });
                assertThat(expired).as("seed %s", seed).isEqualTo(expected);
            }
            assertThat(table.unanswered()).as("seed %s", seed).isEqualTo(model.size());
        }
    }
}
