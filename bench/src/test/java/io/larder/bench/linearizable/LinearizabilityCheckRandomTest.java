package io.larder.bench.linearizable;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories, against a search that tries every order and nothing else. */
class LinearizabilityCheckRandomTest {
    private static final int HISTORIES = 20_000;
    private static final Action[] ACTIONS = Action.values();

    /** Whether some order of the rest, from this state on, gives every answer. */
    private static boolean hasOrder(KeyState state, List<Operation> rest, boolean evicts) {
        if (rest.stream().allMatch(Operation::isUncertain)) {
            return true;
        }
        if (evicts && state.isPresent() && hasOrder(state.evicted(), rest, true)) {
            return true;
        }
        for (Operation first : rest) {
            if (rest.stream().anyMatch(each -> each.returnNanos() < first.callNanos())) {
                continue;
            }
            KeyState after = state.after(first);
            List<Operation> others = new ArrayList<>(rest);
            others.remove(first);
            if (after != null && hasOrder(after, others, evicts)) {
                return true;
            }
        }
        return false;
    }

    /** A history that a right server could give, some of its answers then changed. */
    private static List<Operation> history(SplittableRandom random, boolean evicts) {
        List<Operation> operations = new ArrayList<>();
        KeyState state = KeyState.ABSENT;
        long version = 10;
        int nanos = 0;
        int count = 3 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            nanos += 1 + random.nextInt(4);
            state = evicts && random.nextInt(4) == 0 ? state.evicted() : state;
            Operation asked = asked(i, nanos, random, state, version);
            Operation done = answered(asked, state, ++version);
            KeyState after = state.after(done);
            assertThat(after).describedAs("%s in %s", done, state).isNotNull();
            boolean isLost = random.nextInt(5) == 0;
            boolean isNotDone = isLost && random.nextBoolean();
            state = isNotDone ? state : after;
            operations.add(
                    isLost ? lost(done) : random.nextInt(6) == 0 ? wrong(done, random) : done);
        }
        return operations;
    }

    private static Operation asked(
            int client, int nanos, SplittableRandom random, KeyState state, long version) {
        Action action = ACTIONS[random.nextInt(ACTIONS.length)];
        boolean fits = random.nextInt(4) != 0;
        long expected =
                switch (action) {
                    case COMPARE_AND_SET -> fits ? state.version() : version - 1;
                    case FILL, RELEASE -> fits ? state.lease() : 5;
                    default -> 0;
                };
        if (action == Action.FILL && expected == KeyState.NO_LEASE) {
            expected = 5;
        }
        long call = Math.max(0, nanos - random.nextInt(8));
        return new Operation(
                client,
                action,
                1 + random.nextInt(3),
                expected,
                call,
                Answer.OK,
                0,
                0,
                nanos + random.nextInt(8));
    }

    /** What a right server says to it in this state. */
    private static Operation answered(Operation asked, KeyState state, long version) {
        boolean isPresent = state.isPresent();
        return switch (asked.action()) {
            case GET ->
                    isPresent
                            ? with(asked, Answer.OK, state.value(), state.version())
                            : with(asked, Answer.MISS, 0, 0);
            case LEASE ->
                    isPresent
                            ? with(asked, Answer.OK, state.value(), state.version())
                            : state.lease() == KeyState.NO_LEASE
                                    ? with(asked, Answer.LEASE_YOURS, 0, version)
                                    : with(asked, Answer.LEASE_OTHER, 0, 0);
            case SET -> with(asked, Answer.OK, 0, version);
            case ADD ->
                    isPresent
                            ? with(asked, Answer.EXISTS, 0, 0)
                            : with(asked, Answer.OK, 0, version);
            case COMPARE_AND_SET ->
                    !isPresent
                            ? with(asked, Answer.MISS, 0, 0)
                            : asked.expected() == state.version()
                                    ? with(asked, Answer.OK, 0, version)
                                    : with(asked, Answer.MISMATCH, 0, state.version());
            case FILL ->
                    asked.expected() == state.lease()
                            ? with(asked, Answer.OK, 0, version)
                            : with(asked, Answer.NOT_STORED, 0, 0);
            case RELEASE ->
                    with(asked, asked.expected() == state.lease() ? Answer.OK : Answer.MISS, 0, 0);
            case INCREMENT ->
                    isPresent
                            ? with(asked, Answer.OK, state.value() + asked.argument(), version)
                            : with(asked, Answer.MISS, 0, 0);
            case COUNT -> with(asked, Answer.OK, state.value() + asked.argument(), version);
            case DELETE -> with(asked, isPresent ? Answer.OK : Answer.MISS, 0, 0);
            case TOUCH ->
                    isPresent
                            ? with(asked, Answer.OK, 0, state.version())
                            : with(asked, Answer.MISS, 0, 0);
        };
    }

    private static Operation lost(Operation done) {
        return new Operation(
                done.client(),
                done.action(),
                done.argument(),
                done.expected(),
                done.callNanos(),
                Answer.UNKNOWN,
                0,
                0,
                Long.MAX_VALUE);
    }

    private static Operation wrong(Operation done, SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> with(done, done.answer(), done.value() + 1, done.version());
            case 1 -> with(done, done.answer(), done.value(), done.version() + 1);
            default -> with(done, Answer.MISS, 0, 0);
        };
    }

    private static Operation with(Operation asked, Answer answer, long value, long version) {
        return new Operation(
                asked.client(),
                asked.action(),
                asked.argument(),
                asked.expected(),
                asked.callNanos(),
                answer,
                value,
                version,
                asked.returnNanos());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void check_agreesWithTryingAllOrders(boolean evicts) {
        int good = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            List<Operation> history = history(new SplittableRandom(seed), evicts);
            boolean hasOrder = hasOrder(KeyState.ABSENT, history, evicts);
            assertThat(LinearizabilityCheck.check(history, evicts).isLinearizable())
                    .describedAs("seed %d: %s", seed, history)
                    .isEqualTo(hasOrder);
            good += hasOrder ? 1 : 0;
        }
        assertThat(good).isBetween(HISTORIES / 2, 9 * HISTORIES / 10);
    }
}
