package io.larder.server.auth;

import io.larder.protocol.auth.ScramSha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a password: enough to tell who knows it, not enough to be him. Immutable; any
 * thread. Its text is that of PostgreSQL's {@code rolpassword}: {@code
 * SCRAM-SHA-256$4096:salt$stored key:server key}, in Base64.
 */
@SuppressWarnings("ArrayRecordComponent") // equal is what one reading of the users file has made
record ScramVerifier(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    private static final int SALT_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final Pattern TEXT =
            Pattern.compile(
                    "SCRAM-SHA-256\\$([0-9]{1,7}):([A-Za-z0-9+/=]{4,88})"
                            + "\\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})");

    /** What is kept of a new password. */
    static ScramVerifier of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return of(password, salt, ScramSha256.ITERATIONS_MIN);
    }

    static ScramVerifier of(String password, byte[] salt, int iterations) {
        byte[] salted = ScramSha256.salted(password, salt, iterations);
        return new ScramVerifier(
                salt,
                iterations,
                ScramSha256.storedKey(ScramSha256.clientKey(salted)),
                ScramSha256.serverKey(salted));
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ScramVerifier parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (parts.matches()) {
            int iterations = Integer.parseInt(parts.group(1));
            Base64.Decoder decoder = Base64.getDecoder();
            byte[] storedKey = decoder.decode(parts.group(3));
            byte[] serverKey = decoder.decode(parts.group(4));
            if (iterations >= ScramSha256.ITERATIONS_MIN
                    && iterations <= ScramSha256.ITERATIONS_MAX
                    && storedKey.length == KEY_BYTES
                    && serverKey.length == KEY_BYTES) {
                return new ScramVerifier(
                        decoder.decode(parts.group(2)), iterations, storedKey, serverKey);
            }
        }
        throw new IllegalArgumentException(
                "password (expected: SCRAM-SHA-256$iterations:salt$stored key:server key, as larder"
                        + " user prints it)");
    }

    /** As a users file has it. */
    String text() {
        Base64.Encoder encoder = Base64.getEncoder();
        return "SCRAM-SHA-256$"
                + iterations
                + ':'
                + encoder.encodeToString(salt)
                + '$'
                + encoder.encodeToString(storedKey)
                + ':'
                + encoder.encodeToString(serverKey);
    }

    /** Whether this is the password. Takes {@link #iterations} rounds. */
    boolean isOf(String password) {
        byte[] salted = ScramSha256.salted(password, salt, iterations);
        byte[] key = ScramSha256.storedKey(ScramSha256.clientKey(salted));
        return MessageDigest.isEqual(key, storedKey);
    }
}
