package io.larder.server.config;

/**
 * A whole number of things, or the number of a port.
 *
 * @param unit what is counted
 * @param min the least
 * @param max the most
 */
public record CountType(String unit, int min, int max) implements ValueType<Integer> {
    static final CountType PORT = new CountType("port", 0, 65_535);

    @Override
    public Integer parse(String text) {
        return (int) ValueType.requireRange(ValueType.parseDigits(text), min, max);
    }

    @Override
    public String expected() {
        return (this.equals(PORT) ? "a port of " : "a number of ") + min + ".." + max;
    }
}
