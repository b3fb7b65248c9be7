package io.larder.bench.linearizable;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a key's history. Immutable.
 *
 * @param kind whether there is an order
 * @param impossible the first operation whose answer no order explains; null if there is none
 * @param window what led to it: the operations called since nothing was under way, and before them
 *     those without an answer that may still have happened; else empty
 * @param before what the key may have held when nothing was under way; else empty
 */
record Verdict(
        Kind kind, @Nullable Operation impossible, List<Operation> window, List<KeyState> before) {
    /** Whether there is an order. */
    enum Kind {
        /** There is one. */
        LINEARIZABLE,
        /** There is none. */
        VIOLATED,
        /** The search was given up. */
        UNDECIDED
    }

    static final Verdict LINEARIZABLE = new Verdict(Kind.LINEARIZABLE, null, List.of(), List.of());

    Verdict {
        window = List.copyOf(window);
        before = List.copyOf(before);
    }

    boolean isLinearizable() {
        return kind == Kind.LINEARIZABLE;
    }

    /** For people, several lines. */
    String describe(String key) {
        long originNanos = window.isEmpty() ? 0 : window.get(0).callNanos();
        StringBuilder text = new StringBuilder();
        text.append("key ").append(key).append(": ").append(kind).append('\n');
        text.append("  before: ")
                .append(
                        before.stream()
                                .map(KeyState::describe)
                                .collect(Collectors.joining("; or ")))
                .append('\n');
        for (Operation operation : window) {
            text.append(operation.equals(impossible) ? "* " : "  ")
                    .append(operation.describe(originNanos))
                    .append('\n');
        }
        return text.append("  no order explains the answer marked *").toString();
    }
}
