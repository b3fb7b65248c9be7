package io.larder.client.api;

/**
 * No answer came within the call's timeout. An answer that comes later is dropped; it never reaches
 * another call.
 */
public final class RequestTimeoutException extends LarderException {
    private static final long serialVersionUID = 1L;

    public RequestTimeoutException(String message, boolean mayHaveBeenApplied) {
        super(message, null, mayHaveBeenApplied);
    }
}
