package io.larder.server.config;

/** The number of a port, or that there is to be none: {@link #NONE}, written {@link #OFF}. */
public record OptionalPortType() implements ValueType<Integer> {
    /** How no port is written. */
    public static final String OFF = "off";

    /** No port. */
    public static final int NONE = -1;

    static final OptionalPortType OFF_OR_PORT = new OptionalPortType();

    @Override
    public Integer parse(String text) {
        return text.equals(OFF) ? NONE : CountType.PORT.parse(text);
    }

    @Override
    public String expected() {
        return CountType.PORT.expected() + ", or off";
    }

    @Override
    public String unit() {
        return "port or off";
    }
}
