package io.larder.client.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are not sent yet, in order. The client's {@link Window} bounds them. One thread: the
 * event loop.
 */
final class WaitingCalls {
    private final ArrayDeque<Call<?>> calls = new ArrayDeque<>();

    boolean isEmpty() {
        return calls.isEmpty();
    }

    int size() {
        return calls.size();
    }

    void addLast(Call<?> call) {
        calls.addLast(call);
    }

    void addFirst(Call<?> call) {
        calls.addFirst(call);
    }

    @Nullable Call<?> peek() {
        return calls.peekFirst();
    }

    /** Removes the first, of which there must be one. */
    Call<?> removeFirst() {
        return calls.removeFirst();
    }

    /** Moves all of them, in their order, before those of {@code target}. */
    void moveBefore(WaitingCalls target) {
        while (!calls.isEmpty()) {
            target.calls.addFirst(calls.removeLast());
        }
    }

    /** Moves those whose time to be sent again has come behind those of {@code target}. */
    void moveDue(long nowNanos, WaitingCalls target) {
        for (int left = calls.size(); left > 0; left--) {
            Call<?> call = calls.removeFirst();
            boolean due = call.retryAtNanos - nowNanos <= 0;
            (due ? target : this).calls.addLast(call);
        }
    }

    /** Removes the calls that are overdue, or done because the caller has cancelled them. */
    void expire(long nowNanos, Consumer<Call<?>> removed) {
        List<Call<?>> gone = new ArrayList<>(0);
        calls.removeIf(call -> (call.isOverdue(nowNanos) || call.isDone()) && gone.add(call));
        gone.forEach(removed); // after the loop: it may put other calls in here
    }

    /** Removes those that the predicate has dealt with. It puts no calls in here. */
    void removeIf(Predicate<Call<?>> isDealtWith) {
        calls.removeIf(isDealtWith);
    }

    /** Removes all, also those that are added meanwhile. */
    void removeAll(Consumer<Call<?>> removed) {
        while (!calls.isEmpty()) {
            removed.accept(calls.removeFirst());
        }
    }
}
