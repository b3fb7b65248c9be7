package io.larder.protocol;

/**
 * A body does not have the layout that its opcode prescribes. The frame around it was sound, so the
 * connection is; the message has the shape {@code name: value (expected: …)}. It carries no stack
 * trace: bytes from outside cause it, not this program.
 */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String name, Object value, String expected) {
        super(name + ": " + value + " (expected: " + expected + ")", null, false, false);
    }
}
