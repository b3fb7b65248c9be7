package io.larder.client.api;

/**
 * The window of unanswered calls is full, in number or in bytes, and the message says which. The
 * request was never sent. Wait for earlier futures, or slow down.
 */
public final class TooManyRequestsException extends LarderException {
    private static final long serialVersionUID = 1L;

    public TooManyRequestsException(String message) {
        super(message, null, false);
    }
}
