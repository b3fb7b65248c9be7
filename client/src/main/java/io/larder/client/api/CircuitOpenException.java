package io.larder.client.api;

/**
 * Too many of the last calls to this server got no answer, so for a moment none is sent; now and
 * then a few are let through, to see. The request was never sent.
 */
public final class CircuitOpenException extends LarderException {
    private static final long serialVersionUID = 1L;

    public CircuitOpenException(String message) {
        super(message, null, false);
    }
}
