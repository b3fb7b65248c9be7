package io.larder.client.jcache;

import org.jspecify.annotations.Nullable;

/**
 * What is to become of an entry.
 *
 * @param value of SET and LOAD, else null
 */
record Step<V>(Action action, @Nullable V value) {
    enum Action {
        /** Nothing. */
        LEAVE,
        /** It was read. */
        ACCESS,
        /** It has this value from now on. */
        SET,
        /** The same, and the value comes from the origin: it is neither written there nor a put. */
        LOAD,
        /** It is no longer there. */
        REMOVE
    }

    static <V> Step<V> leave() {
        return new Step<>(Action.LEAVE, null);
    }

    static <V> Step<V> access() {
        return new Step<>(Action.ACCESS, null);
    }

    static <V> Step<V> set(V value) {
        return new Step<>(Action.SET, value);
    }

    static <V> Step<V> load(V value) {
        return new Step<>(Action.LOAD, value);
    }

    static <V> Step<V> remove() {
        return new Step<>(Action.REMOVE, null);
    }

    boolean is(Action wanted) {
        return action == wanted;
    }

    /** Decides on a step by the entry as it is; asked again if another one is there by then. */
    @FunctionalInterface
    interface Rule<V> {
        /**
         * @param found null: there is none
         */
        Step<V> decide(@Nullable Found<V> found);
    }

    /**
     * A step that was carried out.
     *
     * @param before the entry it was decided by; null: there was none
     */
    record Done<V>(Step<V> step, @Nullable Found<V> before) {
        boolean is(Action wanted) {
            return step.is(wanted);
        }

        /** The value before; null if there was none. */
        @Nullable V valueBefore() {
            return before == null ? null : before.value();
        }
    }
}
