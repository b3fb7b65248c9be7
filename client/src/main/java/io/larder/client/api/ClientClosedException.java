package io.larder.client.api;

/** The client was closed, before the call or before its answer came. */
public final class ClientClosedException extends LarderException {
    private static final long serialVersionUID = 1L;

    public ClientClosedException(String message, boolean mayHaveBeenApplied) {
        super(message, null, mayHaveBeenApplied);
    }
}
