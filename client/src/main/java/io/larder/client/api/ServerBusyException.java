package io.larder.client.api;

/**
 * The server was too busy, and still was after the client's retries. The operation was not carried
 * out.
 */
public final class ServerBusyException extends ServerException {
    private static final long serialVersionUID = 1L;

    public ServerBusyException(String message, int statusCode, String statusName) {
        super(message, statusCode, statusName, false);
    }
}
