package io.larder.bench.linearizable;

import java.util.ArrayList;
import java.util.List;

/** Builds the history of one key for a test, operation by operation. */
final class Histories {
    private final List<Operation> operations = new ArrayList<>();

    /** An operation between two times that returned nothing but its answer. */
    Histories did(int from, int to, Action action, Answer answer) {
        return did(from, to, action, 0, 0, answer, 0, 0);
    }

    /** A GET between two times that found this. */
    Histories got(int from, int to, long value, long version) {
        return did(from, to, Action.GET, 0, 0, Answer.OK, value, version);
    }

    /** A SET between two times. */
    Histories set(int from, int to, long value, long version) {
        return did(from, to, Action.SET, value, 0, Answer.OK, 0, version);
    }

    /** An INCREMENT between two times with its result. */
    Histories added(int from, int to, long delta, long result, long version) {
        return did(from, to, Action.INCREMENT, delta, 0, Answer.OK, result, version);
    }

    /** An operation without an answer. */
    Histories lost(int from, Action action, long argument, long expected) {
        operations.add(
                new Operation(
                        operations.size(),
                        action,
                        argument,
                        expected,
                        from,
                        Answer.UNKNOWN,
                        0,
                        0,
                        Long.MAX_VALUE));
        return this;
    }

    /** Any operation. */
    Histories did(
            int from,
            int to,
            Action action,
            long argument,
            long expected,
            Answer answer,
            long value,
            long version) {
        operations.add(
                new Operation(
                        operations.size(),
                        action,
                        argument,
                        expected,
                        from,
                        answer,
                        value,
                        version,
                        to));
        return this;
    }

    List<Operation> operations() {
        return operations;
    }

    Verdict verdict() {
        return LinearizabilityCheck.check(operations, false);
    }

    Verdict verdictWithEvictions() {
        return LinearizabilityCheck.check(operations, true);
    }
}
