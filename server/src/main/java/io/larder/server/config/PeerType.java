package io.larder.server.config;

/** Another server, as HOST:PORT, or {@link #NONE}. */
public record PeerType() implements ValueType<String> {
    /** No server. */
    public static final String NONE = "none";

    private static final int PORT_MAX = 65_535;

    @Override
    public String parse(String text) {
        int colon = text.lastIndexOf(':');
        if (text.equals(NONE)) {
            return text;
        }
        if (colon < 1) {
            throw new IllegalArgumentException(text);
        }
        ValueType.requireRange(ValueType.parseDigits(text.substring(colon + 1)), 1, PORT_MAX);
        return text;
    }

    @Override
    public String expected() {
        return "a server as HOST:PORT, or none";
    }

    @Override
    public String unit() {
        return "HOST:PORT";
    }
}
