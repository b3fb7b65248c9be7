package io.larder.client.api;

/**
 * The server answered with an error. The operation was not carried out, unless {@link
 * #mayHaveBeenApplied()} says that nobody knows.
 */
public class ServerException extends LarderException {
    private static final long serialVersionUID = 1L;

    private final int statusCode;
    private final String statusName;

    /**
     * @param statusCode the protocol's number, 0 to 255
     * @param statusName its name, as {@code OUT_OF_CAPACITY}
     */
    public ServerException(
            String message, int statusCode, String statusName, boolean mayHaveBeenApplied) {
        super(statusName + ": " + message, null, mayHaveBeenApplied);
        this.statusCode = statusCode;
        this.statusName = statusName;
    }

    /** The protocol's number of the status, 0 to 255. */
    public final int statusCode() {
        return statusCode;
    }

    /**
     * The protocol's name of the status; {@code STATUS_0x9F} for one that this client does not
     * know.
     */
    public final String statusName() {
        return statusName;
    }
}
