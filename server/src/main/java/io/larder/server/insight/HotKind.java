package io.larder.server.insight;

import java.util.Locale;

/** By what a key can be hot. */
public enum HotKind {
    /** How often it is read. */
    READ("reads"),
    /** How often it is stored. */
    WRITE("writes"),
    /** How many bytes are read and stored of it. */
    BYTES("bytes");

    private final String amounts;

    HotKind(String amounts) {
        this.amounts = amounts;
    }

    /** The word for it, as people say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a key's amount is called. */
    public String amounts() {
        return amounts;
    }
}
