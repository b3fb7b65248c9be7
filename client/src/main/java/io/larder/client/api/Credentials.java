package io.larder.client.api;

/**
 * Who a client says it is, and what shows it: a user's name and password, of which only a proof
 * goes to the server, or a token, which goes there as it is. Immutable.
 *
 * @param user the user's name; empty for whoever has the token
 * @param secret the password, or the token
 */
public record Credentials(String user, String secret) {
    public Credentials {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("secret: empty (expected: a password or a token)");
        }
    }

    /**
     * A user and his password.
     *
     * @throws IllegalArgumentException if either is empty
     */
    public static Credentials ofPassword(String user, String password) {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("user: empty (expected: a user's name)");
        }
        return new Credentials(user, password);
    }

    /**
     * A token, which says by itself whose it is.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static Credentials ofToken(String token) {
        return new Credentials("", token);
    }

    /** Whether it is a token. */
    public boolean isToken() {
        return user.isEmpty();
    }

    /** Whose it is, and not the secret. */
    @Override
    public String toString() {
        return isToken() ? "a token" : user + "'s password";
    }
}
