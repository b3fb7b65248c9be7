package io.larder.client.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.Credentials;
import io.larder.protocol.AuthRequest;
import io.larder.protocol.auth.ScramFields;
import io.larder.protocol.auth.ScramSha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How a client shows a server who it is, on one connection: a token at once, a password by
 * SCRAM-SHA-256, in which the server shows that it knows the user, too. One step after the other,
 * from whichever thread.
 */
/*
 *   client                                          server
 *   n,,n=user,r=nonce                          -->
 *                                              <--  r=nonce and more,s=salt,i=iterations
 *   c=biws,r=nonce and more,p=proof            -->
 *                                              <--  v=signature
 */
final class Authentication {
    private static final int NONCE_BYTES = 18;
    private static final String HEADER = "n,,"; // no channel binding, no other's name
    private static final String HEADER_BASE64 = "biws";

    private final Credentials credentials;
    private final String nonce;
    private boolean isFirst = true;
    private @Nullable String expected; // the server's last message

    Authentication(Credentials credentials) {
        this.credentials = credentials;
        byte[] random = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(random);
        this.nonce = Base64.getEncoder().encodeToString(random);
    }

    /** What is sent first. */
    AuthRequest begin() {
        return credentials.isToken()
                ? new AuthRequest(AuthRequest.TOKEN, credentials.secret().getBytes(UTF_8))
                : new AuthRequest(ScramSha256.MECHANISM, (HEADER + bare()).getBytes(UTF_8));
    }

    private String bare() {
        return "n=" + ScramFields.escaped(credentials.user()) + ",r=" + nonce;
    }

    /**
     * What is sent next; null if the server knows the client, and this client the server. May take
     * milliseconds.
     *
     * @param answer what the server has answered with OK
     * @throws IllegalArgumentException if it is not what a server that knows the user answers
     */
    @Nullable AuthRequest next(byte[] answer) {
        if (credentials.isToken()) {
            return null;
        }
        if (isFirst) {
            isFirst = false;
            return last(new String(answer, ISO_8859_1));
        }
        byte[] wanted = String.valueOf(expected).getBytes(ISO_8859_1);
        if (!MessageDigest.isEqual(answer, wanted)) {
            throw new IllegalArgumentException(
                    "server-final message (expected: the signature of one that knows the user)");
        }
        return null;
    }

    private AuthRequest last(String serverFirst) {
        ScramFields fields = ScramFields.of(serverFirst);
        String both = fields.get('r');
        int iterations = Integer.parseInt(fields.get('i'));
        if (!both.startsWith(nonce) || both.length() == nonce.length()) {
            throw new IllegalArgumentException("nonce (expected: this client's, and more)");
        }
        if (iterations < ScramSha256.ITERATIONS_MIN || iterations > ScramSha256.ITERATIONS_MAX) {
            throw new IllegalArgumentException(
                    "iterations: "
                            + iterations
                            + " (expected: "
                            + ScramSha256.ITERATIONS_MIN
                            + ".."
                            + ScramSha256.ITERATIONS_MAX
                            + ")");
        }
        byte[] salted = ScramSha256.salted(credentials.secret(), fields.bytes('s'), iterations);
        byte[] clientKey = ScramSha256.clientKey(salted);
        String message = "c=" + HEADER_BASE64 + ",r=" + both;
        String signed = bare() + ',' + serverFirst + ',' + message;
        byte[] proof = ScramSha256.proof(clientKey, ScramSha256.storedKey(clientKey), signed);
        byte[] signature = ScramSha256.signature(ScramSha256.serverKey(salted), signed);
        expected = "v=" + base64(signature);
        return new AuthRequest(
                ScramSha256.MECHANISM, (message + ",p=" + base64(proof)).getBytes(ISO_8859_1));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
