package io.larder.client.jcache;

/** How JCache's types are asked for what is behind them. */
final class Unwrapping {
    private Unwrapping() {}

    /**
     * The first of the objects that is one.
     *
     * @throws IllegalArgumentException if none is
     */
    static <T> T as(Class<T> wanted, Object... objects) {
        for (Object object : objects) {
            if (wanted.isInstance(object)) {
                return wanted.cast(object);
            }
        }
        throw new IllegalArgumentException(
                wanted.getName()
                        + " (expected: a type of "
                        + objects[0].getClass().getName()
                        + ")");
    }
}
