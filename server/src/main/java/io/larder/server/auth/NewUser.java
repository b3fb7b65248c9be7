package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes what a users file says of a user. Stateless; any thread. */
public final class NewUser {
    private static final int TOKEN_BYTES = 32;

    private NewUser() {}

    /**
     * A token that nobody can guess.
     *
     * @param token what the user shows
     * @param word what the file says of it
     */
    public record Token(String token, String word) {
        /** Which token it is nobody is told. */
        @Override
        public String toString() {
            return word;
        }
    }

    /** Makes a token. */
    public static Token token() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return new Token(token, "token=sha256:" + Users.digest(token.getBytes(US_ASCII)));
    }

    /** What the file says of a password. Takes thousands of rounds. */
    public static String password(String password) {
        return "password=" + ScramVerifier.of(password).text();
    }

    /**
     * A line of the file.
     *
     * @throws IllegalArgumentException if name or roles cannot be written there
     */
    public static String line(String name, String roles, String secret) {
        if (!UsersFile.isName(name)) {
            throw new IllegalArgumentException(
                    "NAME: " + name + " (expected: " + UsersFile.NAME_EXPECTED + ")");
        }
        for (String role : roles.split(",", -1)) {
            if (!UsersFile.isName(role)) {
                throw new IllegalArgumentException(
                        "--roles: " + roles + " (expected: names of roles, by commas)");
            }
        }
        return "user " + name + " roles=" + roles + ' ' + secret;
    }
}
