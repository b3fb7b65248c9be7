package io.larder.client.api;

/**
 * A key, a value or a whole request is longer than a limit allows. Nothing was changed. The message
 * has the shape {@code keyLength: 5000 (expected: 1..4095)}.
 */
public final class TooLargeException extends LarderException {
    private static final long serialVersionUID = 1L;

    private final long limitBytes;

    public TooLargeException(String message, long limitBytes) {
        super(message, null, false);
        this.limitBytes = limitBytes;
    }

    /** The limit in bytes; -1 if the server did not say. */
    public long limitBytes() {
        return limitBytes;
    }
}
