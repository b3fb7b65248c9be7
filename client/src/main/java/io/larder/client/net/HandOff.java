package io.larder.client.net;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The way of calls from any number of threads to one event loop: lock-free, unbounded by itself
 * (the {@link Window} bounds it), first in, first out for each thread.
 */
/*
 * A Treiber stack whose consumer takes all of it at once and turns it round, so there is no ABA: a
 * node is never popped alone. The producer that finds it empty is the one that wakes the consumer;
 * all others know that somebody has. A producer's writes to its call happen-before the consumer's
 * reads by the CAS on `top`, and the consumer's getAndSet of it.
 *
 * Who pushed onto empty holds the duty to have it drained. If the event loop refuses the wake-up
 * because it has ended, that thread drains by itself: no call is ever left in here.
 */
final class HandOff {
    private final AtomicReference<@Nullable Call<?>> top = new AtomicReference<>();

    /** Adds a call; true if it was empty before, so that the caller has to see to its draining. */
    boolean push(Call<?> call) {
        Call<?> head;
        do {
            head = top.get();
            call.next = head;
        } while (!top.compareAndSet(head, call));
        return head == null;
    }

    /** Takes all calls, oldest first, linked by {@link Call#next}; null if there are none. */
    @Nullable Call<?> takeAll() {
        Call<?> newest = top.getAndSet(null);
        Call<?> oldest = null;
        while (newest != null) {
            Call<?> older = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = older;
        }
        return oldest;
    }
}
