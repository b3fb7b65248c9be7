package io.larder.client.api;

/**
 * An increment of something that is not a whole number of 64 bits in decimal text, or whose sum
 * would not be one. The item is unchanged.
 */
public final class NotANumberException extends ServerException {
    private static final long serialVersionUID = 1L;

    public NotANumberException(String message, int statusCode, String statusName) {
        super(message, statusCode, statusName, false);
    }
}
