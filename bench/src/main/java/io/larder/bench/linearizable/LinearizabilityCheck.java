package io.larder.bench.linearizable;

import io.larder.bench.linearizable.Configurations.Configuration;
import io.larder.bench.linearizable.Verdict.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the history of one key is linearizable: whether its operations can be put in one
 * order, each between its call and its return, in which {@link KeyState} gives every answer. Pure
 * and deterministic; one use, one thread.
 */
/*
 * The search is that of Wing and Gong with Lowe's improvements: configurations (which operations
 * have happened, and the state they lead to) are remembered, so none is entered twice; and it goes
 * along the history event by event, all configurations abreast, and lets an operation happen only
 * when a return demands it.
 *
 *   call o     o is open: it may happen from now on.
 *   return o   o must have happened. A configuration in which it has not is led on by every
 *              sequence of open operations that ends with o. If no configuration is left: violated.
 *
 * Letting operations happen as late as this loses no order: one in which p comes before o, both
 * open, is found when the first of the two returns.
 *
 * Keys are independent of each other, and linearizability is local: a history of many keys is
 * linearizable if that of each key is [Herlihy and Wing 1990].
 *
 * Where the server may evict, the item may go at any time, as if by an operation that nobody has
 * called: every configuration has one beside it in which it has gone. It does not come back but by
 * a write, so a hit after a miss with no write between is a violation still, from disk, too.
 *
 * An operation without an answer is never returned from. It stays open to the end, and whether it
 * happens is left to the search.
 *
 * Bounds. What has returned is forgotten, but for the state: at a quiescent point, where no
 * operation that returns is open, only states and uncertain operations are left. So the cost grows
 * with the length of a history, and only with what overlaps does it grow exponentially. Three things
 * keep that small: a configuration whose version is beyond that of an answered operation yet to
 * happen leads nowhere; an operation that leaves the state as it is may happen at once, since
 * waiting would only make it harder to place; and Configurations drops what needs more uncertain
 * operations than another.
 *
 * J. Wing and C. Gong, "Testing and Verifying Concurrent Objects", JPDC 17, 1993. G. Lowe, "Testing
 * for Linearizability", Concurrency and Computation 29(4), 2017.
 */
final class LinearizabilityCheck {
    /** Operations that may be open at once, and uncertain ones beside them. */
    static final int OPEN_MAX = Long.SIZE;

    /** Configurations of one return, beyond which the search is given up. */
    static final int CONFIGURATIONS_MAX = 1 << 20;

    private final List<Operation> operations;
    private final boolean evicts;
    private final int[] slots; // by operation, once called
    private final Slots open = new Slots();
    private final Slots uncertain = new Slots();
    private List<Configuration> reached = List.of(new Configuration(KeyState.ABSENT, 0, 0));
    private List<Configuration> atQuiescence = reached;
    private final List<Operation> window = new ArrayList<>();

    private LinearizabilityCheck(List<Operation> operations, boolean evicts) {
        this.evicts = evicts;
        this.operations = operations.stream().filter(Operation::isRelevant).toList();
        this.slots = new int[this.operations.size()];
    }

    /**
     * Checks the whole history of a key that was absent before. The order of the list does not
     * matter.
     *
     * @param evicts whether the server may have dropped the item at any time
     * @throws IllegalArgumentException if more than {@link #OPEN_MAX} operations are open at once,
     *     or as many uncertain ones
     */
    static Verdict check(List<Operation> operations, boolean evicts) {
        return new LinearizabilityCheck(operations, evicts).check();
    }

    private Verdict check() {
        for (Event event : events()) {
            if (!event.isReturn) {
                call(event.operation);
                continue;
            }
            Operation operation = operations.get(event.operation);
            Kind kind = leave(slots[event.operation]);
            if (kind != Kind.LINEARIZABLE) {
                return failed(kind, operation);
            }
            if (open.mask == 0) {
                atQuiescence = reached;
                window.clear();
            }
        }
        return Verdict.LINEARIZABLE;
    }

    /** A call or a return; of two at one time the call comes first, so that they overlap. */
    private record Event(long nanos, boolean isReturn, int operation) {}

    private List<Event> events() {
        List<Event> events = new ArrayList<>(2 * operations.size());
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            events.add(new Event(operation.callNanos(), false, i));
            if (!operation.isUncertain()) {
                events.add(new Event(operation.returnNanos(), true, i));
            }
        }
        events.sort(
                Comparator.comparingLong(Event::nanos)
                        .thenComparing(Event::isReturn)
                        .thenComparingInt(Event::operation));
        return events;
    }

    private void call(int index) {
        Operation operation = operations.get(index);
        slots[index] = (operation.isUncertain() ? uncertain : open).add(operation);
        if (!operation.isUncertain()) {
            window.add(operation);
        }
    }

    /** Has the operation in this slot happen in every configuration, and forgets it. */
    private Kind leave(int slot) {
        long bit = 1L << slot;
        Operation leaving = open.at(slot);
        Configurations left = new Configurations();
        Configurations seen = new Configurations();
        Queue<Configuration> queue = new ArrayDeque<>();
        for (Configuration each : reached) {
            enter(each, seen, queue);
        }
        for (Configuration from = queue.poll(); from != null; from = queue.poll()) {
            if ((from.done() & bit) != 0) {
                left.add(new Configuration(from.state(), from.done() & ~bit, from.used()));
                continue;
            }
            KeyState after = from.state().after(leaving);
            if (after != null) {
                left.add(new Configuration(after, from.done(), from.used()));
            }
            step(from, open.mask & ~from.done() & ~bit, seen, queue);
            stepUncertain(from, seen, queue);
            if (evicts) {
                KeyState evicted = from.state().evicted();
                enter(new Configuration(evicted, from.done(), from.used()), seen, queue);
            }
            if (seen.size() > CONFIGURATIONS_MAX) {
                return Kind.UNDECIDED;
            }
        }
        if (left.size() == 0) {
            return Kind.VIOLATED;
        }
        open.remove(slot);
        reached = left.all();
        return Kind.LINEARIZABLE;
    }

    private void step(
            Configuration from, long candidates, Configurations seen, Queue<Configuration> queue) {
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            KeyState after = from.state().after(open.at(Long.numberOfTrailingZeros(rest)));
            if (after != null) {
                long done = from.done() | Long.lowestOneBit(rest);
                enter(new Configuration(after, done, from.used()), seen, queue);
            }
        }
    }

    private void stepUncertain(
            Configuration from, Configurations seen, Queue<Configuration> queue) {
        for (long rest = uncertain.mask & ~from.used(); rest != 0; rest &= rest - 1) {
            KeyState after = from.state().after(uncertain.at(Long.numberOfTrailingZeros(rest)));
            if (after != null) {
                long used = from.used() | Long.lowestOneBit(rest);
                enter(new Configuration(after, from.done(), used), seen, queue);
            }
        }
    }

    /** Goes to a configuration, with all done that makes no difference to it, if it leads on. */
    private void enter(Configuration to, Configurations seen, Queue<Configuration> queue) {
        long done = to.done();
        for (long rest = open.mask & ~done; rest != 0; rest &= rest - 1) {
            Operation operation = open.at(Long.numberOfTrailingZeros(rest));
            if (to.state().isPast(operation)) {
                return;
            }
            if (to.state().equals(to.state().after(operation))) {
                done |= Long.lowestOneBit(rest);
            }
        }
        Configuration settled = new Configuration(to.state(), done, to.used());
        if (seen.add(settled)) {
            queue.add(settled);
        }
    }

    private Verdict failed(Kind kind, Operation impossible) {
        List<Operation> all = new ArrayList<>();
        for (long rest = uncertain.mask; rest != 0; rest &= rest - 1) {
            all.add(uncertain.at(Long.numberOfTrailingZeros(rest)));
        }
        all.addAll(window);
        all.sort(Comparator.comparingLong(Operation::callNanos));
        List<KeyState> before = atQuiescence.stream().map(Configuration::state).distinct().toList();
        return new Verdict(kind, impossible, all, before);
    }

    /** Operations under small numbers, so that sets of them are bits. */
    private static final class Slots {
        private final @Nullable Operation[] operations = new @Nullable Operation[OPEN_MAX];
        private long mask;

        int add(Operation operation) {
            int slot = Long.numberOfTrailingZeros(~mask);
            if (slot == OPEN_MAX) {
                throw new IllegalArgumentException(
                        "open operations: more than " + OPEN_MAX + " (expected: up to that)");
            }
            operations[slot] = operation;
            mask |= 1L << slot;
            return slot;
        }

        Operation at(int slot) {
            Operation operation = operations[slot];
            assert operation != null : Arrays.toString(operations);
            return operation;
        }

        void remove(int slot) {
            operations[slot] = null;
            mask &= ~(1L << slot);
        }
    }
}
