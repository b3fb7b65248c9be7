package io.larder.client.api;

/**
 * Bytes were damaged between client and server, twice where the call could be repeated. Only with
 * the client's option {@code checksums}. The server has stored nothing of damaged bytes, and the
 * program is given none.
 */
public final class ChecksumException extends LarderException {
    private static final long serialVersionUID = 1L;

    public ChecksumException(String message, boolean mayHaveBeenApplied) {
        super(message, null, mayHaveBeenApplied);
    }
}
