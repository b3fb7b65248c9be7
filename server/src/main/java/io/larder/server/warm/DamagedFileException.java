package io.larder.server.warm;

/** A file is not what was looked for; the message says why, as the end of a sentence. */
final class DamagedFileException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedFileException(String message) {
        super(message);
    }
}
