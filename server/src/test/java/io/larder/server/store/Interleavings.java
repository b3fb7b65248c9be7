package io.larder.server.store;

import io.larder.server.memory.History;
import io.larder.server.memory.History.Weakening;
import io.larder.server.memory.HistoryMemory;
import io.larder.server.store.StoreFixture.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs one read against one line of writes in every way the two can meet, under the release-acquire
 * machine of {@link History}. The writes are done once and recorded store by store; the read is
 * then done from every moment on, along every path its loads can take.
 */
final class Interleavings {
    /*
     * What is checked. Let truth(t) be what a read finds that sees the state after store t and no
     * other. It must be what the step in which t lies started or ended with, and change at most
     * once in it: the linearisation point. Maintenance must not change it at all. A read that
     * starts at s and can have ended at e must find truth(t) for some t in s..e, or start over.
     * What it does after starting over need not be looked at: it is a read from s on that knows
     * more. Where no store comes after its start it may not start over, so that every read ends.
     */
    private record Step(
            String name, int begin, int end, @Nullable String value, boolean maintenance) {}

    private final History history;
    private final StoreFixture fixture;
    private final List<Step> steps = new ArrayList<>();
    private final List<Outcome> truth = new ArrayList<>();
    private IntFunction<@Nullable Outcome> attempt;
    private int key;
    private @Nullable String valueBefore;
    private long reads;
    private long restarts;

    Interleavings(StoreConfig config, ShardAssembly assembly, Weakening weakening) {
        this.history = new History(weakening);
        this.fixture =
                new StoreFixture(
                        config,
                        bytes -> HistoryMemory.allocate(history, bytes),
                        StoreFixture.NO_HITS,
                        assembly);
        this.attempt = fixture::attempt;
    }

    /** What meets the writes is a scan of the whole store for the key, in place of a read. */
    Interleavings withScans() {
        attempt = fixture::scanAttempt;
        return this;
    }

    /** The store, to prepare it and to write to it. */
    StoreFixture fixture() {
        return fixture;
    }

    /** Preparations are over; {@code key} is what will be read, {@code value} what it holds. */
    void begin(int keyToRead, @Nullable String value) {
        key = keyToRead;
        valueBefore = value;
        history.begin();
    }

    /** Does one operation, after which the key holds {@code value}. */
    void step(String name, Runnable writes, @Nullable String value) {
        record(name, writes, value, false);
    }

    /** Does something that is none of the key's business. */
    void maintenance(String name, Runnable writes) {
        record(name, writes, steps.isEmpty() ? valueBefore : last().value(), true);
    }

    /** Does maintenance that may take the key away; says whether it did not. */
    boolean eviction(String name, Runnable writes) {
        String before = steps.isEmpty() ? valueBefore : last().value();
        record(name, writes, null, false);
        if (!fixture.get(key).isHit()) {
            return false;
        }
        Step step = steps.remove(steps.size() - 1);
        steps.add(new Step(name, step.begin(), step.end(), before, true));
        return true;
    }

    private void record(
            String name, Runnable writes, @Nullable String value, boolean isMaintenance) {
        int begin = history.now();
        writes.run();
        steps.add(new Step(name, begin, history.now(), value, isMaintenance));
    }

    private Step last() {
        return steps.get(steps.size() - 1);
    }

    /** Runs every read; fails with the first that finds what it must not. */
    void explore() {
        tellTruth();
        for (int start = 0; start <= history.now(); start++) {
            history.startAt(start);
            do {
                Outcome outcome = attempt.apply(key);
                check(start, history.end(), outcome);
            } while (history.nextPath(start));
        }
        history.stopReading();
    }

    private void tellTruth() {
        for (int time = 0; time <= history.now(); time++) {
            history.freezeAt(time);
            Outcome outcome = attempt.apply(key);
            if (outcome == null) {
                throw new AssertionError("a read that sees one state only starts over" + at(time));
            }
            truth.add(outcome);
        }
        String before = valueBefore;
        for (Step step : steps) {
            checkStep(step, before);
            before = step.value();
        }
    }

    private void checkStep(Step step, @Nullable String before) {
        Outcome first = truth.get(step.begin());
        Outcome last = truth.get(step.end());
        boolean done = false;
        for (int time = step.begin(); time <= step.end(); time++) {
            Outcome found = truth.get(time);
            if (!found.equals(done ? last : first)) {
                if (done || !found.equals(last)) {
                    throw new AssertionError(
                            found + " between " + first + " and " + last + at(time));
                }
                done = true;
            }
        }
        if (!is(first, before) || !is(last, step.value())) {
            throw new AssertionError(
                    first
                            + " and then "
                            + last
                            + " instead of "
                            + before
                            + " and then "
                            + step.value()
                            + at(step.end()));
        }
        if (step.maintenance() && done) {
            throw new AssertionError(first + " became " + last + at(step.end()));
        }
    }

    private static boolean is(Outcome outcome, @Nullable String value) {
        return value == null ? !outcome.isHit() : value.equals(outcome.value());
    }

    private void check(int start, int end, @Nullable Outcome outcome) {
        reads++;
        if (outcome == null) {
            restarts++;
            if (start == history.now()) {
                throw new AssertionError("a read that nothing interferes with starts over");
            }
            return;
        }
        for (int time = start; time <= end; time++) {
            if (truth.get(time).equals(outcome)) {
                return;
            }
        }
        throw new AssertionError(
                "a read from "
                        + start
                        + " to "
                        + end
                        + " found "
                        + outcome
                        + ", the truth was "
                        + truth.subList(start, end + 1).stream().distinct().toList()
                        + at(start)
                        + " to"
                        + at(end));
    }

    private String at(int time) {
        StringBuilder where = new StringBuilder();
        for (Step step : steps) {
            if (time >= step.begin() && time <= step.end()) {
                where.append(" at store ")
                        .append(time - step.begin())
                        .append(" of ")
                        .append(step.end() - step.begin())
                        .append(" of \"")
                        .append(step.name())
                        .append('"');
            }
        }
        return where.toString();
    }

    /** How many reads were run. */
    long reads() {
        return reads;
    }

    /** How many of them started over. */
    long restarts() {
        return restarts;
    }

    /** How many stores the writes did. */
    int stores() {
        return history.now();
    }
}
