package io.larder.bench.linearizable;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Checks histories on a thread of its own while others are recorded, and counts what was in them.
 * Any thread may submit; a full queue makes it wait. {@link #finish} belongs to one thread, which
 * may then read the counts.
 */
final class HistoryChecks {
    private static final int QUEUED_MAX = 256;
    private static final int DESCRIBED_MAX = 10;
    private static final int SUBMIT_SECONDS_MAX = 600;

    private final boolean evicts;
    private final BlockingQueue<KeyHistory> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
    private final KeyHistory end = new KeyHistory("end");
    private final Thread thread = new Thread(this::run, "linearizable-check");

    // written by the checking thread; read by others for progress, and after its end for the result
    private volatile Tally tally = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private volatile @Nullable Throwable failure;

    /**
     * What was checked.
     *
     * @param operations in all histories
     * @param overlapping operations that began while another one on the key was under way
     * @param uncertain operations without an answer
     * @param fills values stored under a lease
     * @param fillsRefused values that were not
     * @param keys histories
     * @param evicted of them those that are right only if the item was evicted
     * @param violations histories that no order explains
     * @param undecided histories whose check was given up
     */
    record Tally(
            long operations,
            long overlapping,
            long uncertain,
            long fills,
            long fillsRefused,
            long keys,
            long evicted,
            long violations,
            long undecided) {}

    /** Where the server may evict, histories are held to that. */
    HistoryChecks(boolean evicts) {
        this.evicts = evicts;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Hands over a complete history. Locking: blocks while the queue is full.
     *
     * @throws BenchException if the checking has failed, or hangs
     */
    void submit(KeyHistory history) {
        try {
            for (int waited = 0; waited < SUBMIT_SECONDS_MAX; waited++) {
                requireSound();
                if (queue.offer(history, 1, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("check: interrupted", e);
        }
        throw new BenchException("check: no room for " + SUBMIT_SECONDS_MAX + " s");
    }

    private void requireSound() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new BenchException("check: " + thrown, thrown);
        }
    }

    /** Waits until all that was submitted is checked. Locking: blocks. */
    Tally finish() {
        submit(end);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("check: interrupted", e);
        }
        requireSound();
        return tally;
    }

    /** What was checked so far. */
    Tally tally() {
        return tally;
    }

    private void run() {
        try {
            for (KeyHistory next = queue.take(); next != end; next = queue.take()) {
                check(next);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void check(KeyHistory history) {
        List<Operation> operations = history.operations();
        Verdict verdict = LinearizabilityCheck.check(operations, false);
        boolean isEvicted = false;
        if (evicts && !verdict.isLinearizable()) {
            verdict = LinearizabilityCheck.check(operations, true);
            isEvicted = verdict.isLinearizable();
        }
        Tally before = tally;
        if (!verdict.isLinearizable() && before.violations + before.undecided < DESCRIBED_MAX) {
            Progress.say(verdict.describe(history.key()));
        }
        tally =
                new Tally(
                        before.operations + operations.size(),
                        before.overlapping + overlapping(operations),
                        before.uncertain + count(operations, null, Answer.UNKNOWN),
                        before.fills + count(operations, Action.FILL, Answer.OK),
                        before.fillsRefused + count(operations, Action.FILL, Answer.NOT_STORED),
                        before.keys + 1,
                        before.evicted + (isEvicted ? 1 : 0),
                        before.violations + (verdict.kind() == Verdict.Kind.VIOLATED ? 1 : 0),
                        before.undecided + (verdict.kind() == Verdict.Kind.UNDECIDED ? 1 : 0));
    }

    private static long count(List<Operation> operations, @Nullable Action action, Answer answer) {
        return operations.stream()
                .filter(each -> action == null || each.action() == action)
                .filter(each -> each.answer() == answer)
                .count();
    }

    private static long overlapping(List<Operation> operations) {
        List<Operation> answered =
                operations.stream()
                        .filter(each -> !each.isUncertain())
                        .sorted(Comparator.comparingLong(Operation::callNanos))
                        .toList();
        long overlapping = 0;
        long busyUntilNanos = Long.MIN_VALUE;
        for (Operation operation : answered) {
            overlapping += operation.callNanos() < busyUntilNanos ? 1 : 0;
            busyUntilNanos = Math.max(busyUntilNanos, operation.returnNanos());
        }
        return overlapping;
    }
}
