package io.larder.server.auth;

/** A users file that cannot be used; the message names file, line and what is expected. */
public final class UsersException extends Exception {
    private static final long serialVersionUID = 1L;

    UsersException(String message) {
        super(message);
    }
}
