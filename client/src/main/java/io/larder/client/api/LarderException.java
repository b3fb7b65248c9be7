package io.larder.client.api;

import org.jspecify.annotations.Nullable;

/**
 * An operation has no answer. The root of all that a call or its future fails with, arguments that
 * are wrong whatever the server excepted:
 *
 * <pre>
 * LarderException
 *   NotConnectedException          no connection within the timeout; never sent
 *   CircuitOpenException           too many calls failed of late; never sent
 *   ConnectionLostException        the connection ended before the answer came
 *   RequestTimeoutException        no answer within the timeout
 *   CallInterruptedException       a blocking call's thread was interrupted
 *   TooManyRequestsException       the window is full; never sent
 *   TooLargeException              key, value or request above a limit, which it names
 *   LoaderException                the program's own loader has failed
 *   CodecException                 no bytes for the value, or no value of these bytes
 *   ClientClosedException          the client was closed
 *   ChecksumException              bytes were damaged on the way
 *   ProtocolViolationException     the answer is not what the protocol allows
 *   ServerException                the server answered with an error
 *     ServerBusyException          still busy after the retries; not carried out
 *     NotANumberException          a counter's value is no number, or would overflow
 *     UnsupportedByServerException the server does not know the operation
 * </pre>
 *
 * <p>{@link #mayHaveBeenApplied()} answers the one question that matters after a failed write.
 */
public abstract class LarderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveBeenApplied;

    /** For this package: subclasses say what went wrong. */
    LarderException(String message, @Nullable Throwable cause, boolean mayHaveBeenApplied) {
        super(message, cause);
        this.mayHaveBeenApplied = mayHaveBeenApplied;
    }

    /**
     * True if the operation is a write that was sent, so that the server may have carried it out or
     * may yet do so. False: it changed nothing and will not.
     */
    public final boolean mayHaveBeenApplied() {
        return mayHaveBeenApplied;
    }
}
