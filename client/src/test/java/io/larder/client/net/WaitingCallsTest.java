package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingCallsTest {
    private final WaitingCalls waiting = new WaitingCalls();
    private final List<Call<?>> removed = new ArrayList<>();
    private final Call<?> first = Calls.get(100);
    private final Call<?> second = Calls.get(200);
    private final Call<?> third = Calls.get(300);

    private List<Call<?>> drain(WaitingCalls calls) {
        List<Call<?>> all = new ArrayList<>();
        calls.removeAll(all::add);
        return all;
    }

    @Test
    void expire_removesWhatIsOverdueAndKeepsTheOrder() {
        waiting.addLast(third);
        waiting.addLast(first);
        waiting.addLast(second);

        waiting.expire(100, removed::add);

        assertThat(removed).containsExactly(first);
        assertThat(drain(waiting)).containsExactly(third, second);
    }

    @Test
    void expire_removesWhatWasCancelled() {
        waiting.addLast(first);
        waiting.addLast(second);
        second.cancel(false);

        waiting.expire(0, removed::add);

        assertThat(removed).containsExactly(second);
    }

    @Test
    void expire_whoseListenerPutsCallsBack_keepsThem() {
        waiting.addLast(first);
        waiting.addLast(second);

        waiting.expire(100, call -> waiting.addFirst(third));

        assertThat(drain(waiting)).containsExactly(third, second);
    }

    @Test
    void moveBefore_keepsTheOrderOfBoth() {
        WaitingCalls parked = new WaitingCalls();
        parked.addLast(first);
        parked.addLast(second);
        waiting.addLast(third);

        parked.moveBefore(waiting);

        assertThat(parked.isEmpty()).isTrue();
        assertThat(drain(waiting)).containsExactly(first, second, third);
    }

    @Test
    void moveDue_movesWhoseTimeHasCome() {
        WaitingCalls delayed = new WaitingCalls();
        first.retryAtNanos = 10;
        second.retryAtNanos = 30;
        third.retryAtNanos = 20;
        delayed.addLast(first);
        delayed.addLast(second);
        delayed.addLast(third);

        delayed.moveDue(20, waiting);

        assertThat(drain(waiting)).containsExactly(first, third);
        assertThat(drain(delayed)).containsExactly(second);
    }

    @Test
    void removeAll_takesThoseAddedMeanwhileToo() {
        waiting.addLast(first);
        waiting.removeAll(
                call -> {
                    removed.add(call);
                    if (call == first) {
                        waiting.addLast(second);
                    }
                });

        assertThat(removed).containsExactly(first, second);
    }
}
