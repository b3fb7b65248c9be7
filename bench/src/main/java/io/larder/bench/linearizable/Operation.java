package io.larder.bench.linearizable;

/**
 * One operation on one key, as its client saw it. Immutable.
 *
 * @param client who asked, for people
 * @param action what was asked
 * @param argument the value to store, or the number to add
 * @param expected COMPARE_AND_SET: the version; FILL and RELEASE: the lease's token; else 0
 * @param callNanos before it was sent, by a clock that all clients of a history share
 * @param answer what came back
 * @param value that came back, 0 if none
 * @param version that came back, for LEASE_YOURS the token; 0 if none
 * @param returnNanos after the answer came; {@link Long#MAX_VALUE} if none did
 */
record Operation(
        int client,
        Action action,
        long argument,
        long expected,
        long callNanos,
        Answer answer,
        long value,
        long version,
        long returnNanos) {

    Operation {
        if (returnNanos < callNanos) {
            throw new IllegalArgumentException(
                    "returnNanos: " + returnNanos + " (expected: from " + callNanos + ")");
        }
        if (answer == Answer.UNKNOWN && returnNanos != Long.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "returnNanos: " + returnNanos + " (expected: none without an answer)");
        }
    }

    boolean isUncertain() {
        return answer == Answer.UNKNOWN;
    }

    /** True if it may explain what others saw: it is not a read that nobody got the answer of. */
    boolean isRelevant() {
        return !isUncertain()
                || switch (action) {
                    case SET, ADD, COMPARE_AND_SET, FILL, INCREMENT, COUNT, DELETE -> true;
                    case GET, LEASE, RELEASE, TOUCH -> false;
                };
    }

    /** For people; times are in microseconds from {@code originNanos}. */
    String describe(long originNanos) {
        StringBuilder text = new StringBuilder();
        text.append(micros(callNanos, originNanos)).append(" .. ");
        text.append(isUncertain() ? "?" : micros(returnNanos, originNanos));
        text.append(" us  client ").append(client).append("  ").append(action);
        switch (action) {
            case SET, ADD, INCREMENT, COUNT -> text.append(' ').append(argument);
            case COMPARE_AND_SET ->
                    text.append(' ').append(argument).append(" if version ").append(expected);
            case FILL -> text.append(' ').append(argument).append(" under lease ").append(expected);
            case RELEASE -> text.append(" lease ").append(expected);
            case GET, LEASE, DELETE, TOUCH -> {}
        }
        text.append(" -> ").append(answer);
        if (answer == Answer.LEASE_YOURS) {
            text.append(", lease ").append(version);
        } else if (version != 0) {
            text.append(isRead() ? ", value " + value : "").append(", version ").append(version);
        }
        return text.toString();
    }

    private boolean isRead() {
        return answer == Answer.OK
                && switch (action) {
                    case GET, LEASE, INCREMENT, COUNT -> true;
                    default -> false;
                };
    }

    private static long micros(long nanos, long originNanos) {
        return (nanos - originNanos) / 1_000;
    }
}
