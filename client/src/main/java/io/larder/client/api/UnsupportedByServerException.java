package io.larder.client.api;

/** The server does not know the operation, or an option of it. Nothing was changed. */
public final class UnsupportedByServerException extends ServerException {
    private static final long serialVersionUID = 1L;

    public UnsupportedByServerException(String message, int statusCode, String statusName) {
        super(message, statusCode, statusName, false);
    }
}
