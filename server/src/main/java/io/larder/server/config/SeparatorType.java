package io.larder.server.config;

/** A character between parts of a key: one byte, that one can see. */
public record SeparatorType() implements ValueType<Byte> {
    @Override
    public Byte parse(String text) {
        if (text.length() != 1 || text.charAt(0) <= ' ' || text.charAt(0) >= 0x7F) {
            throw new IllegalArgumentException(text);
        }
        return (byte) text.charAt(0);
    }

    @Override
    public String expected() {
        return "one visible ASCII character";
    }

    @Override
    public String unit() {
        return "character";
    }
}
