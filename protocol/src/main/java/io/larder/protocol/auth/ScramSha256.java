package io.larder.protocol.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic of SCRAM-SHA-256 (RFC 5802, RFC 7677). Stateless.
 *
 * <p>Passwords are normalized to NFKC, which is what SASLprep (RFC 4013) does to those of letters,
 * digits and signs; it forbids others, which here are taken as they are.
 */
/*
 *   salted      = PBKDF2 (HMAC-SHA-256, password, salt, iterations)
 *   client key  = HMAC (salted, "Client Key")      stored key = SHA-256 (client key)
 *   server key  = HMAC (salted, "Server Key")
 *   proof       = client key XOR HMAC (stored key, messages)
 *   signature   = HMAC (server key, messages)
 *
 * A server that knows the stored key can tell whoever knows the client key, and cannot pass for him.
 */
public final class ScramSha256 {
    /** The mechanism's name. */
    public static final String MECHANISM = "SCRAM-SHA-256";

    /** Fewer iterations than RFC 7677 allows are refused. */
    public static final int ITERATIONS_MIN = 4_096;

    /** What a server may have a client do at most. */
    public static final int ITERATIONS_MAX = 1_000_000;

    private static final String HMAC = "HmacSHA256";

    private ScramSha256() {}

    /** What everything else is made of; takes {@code iterations} rounds. */
    public static byte[] salted(String password, byte[] salt, int iterations) {
        byte[] key = Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(UTF_8);
        Mac mac = mac(key.length == 0 ? new byte[1] : key); // HMAC pads keys by zeros
        mac.update(salt);
        byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] result = round.clone();
        for (int i = 1; i < iterations; i++) {
            round = mac.doFinal(round);
            xor(result, round);
        }
        return result;
    }

    /** What only who knows the password knows. */
    public static byte[] clientKey(byte[] salted) {
        return hmac(salted, "Client Key");
    }

    /** What a server keeps to tell him by. */
    public static byte[] storedKey(byte[] clientKey) {
        return sha256(clientKey);
    }

    /** What a server shows itself by. */
    public static byte[] serverKey(byte[] salted) {
        return hmac(salted, "Server Key");
    }

    /** What a client sends; or, of a proof, the client key again. */
    public static byte[] proof(byte[] clientKeyOrProof, byte[] storedKey, String messages) {
        byte[] result = clientKeyOrProof.clone();
        xor(result, hmac(storedKey, messages));
        return result;
    }

    /** What a server answers. */
    public static byte[] signature(byte[] serverKey, String messages) {
        return hmac(serverKey, messages);
    }

    /** SHA-256. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** HMAC-SHA-256 of a text. */
    public static byte[] hmac(byte[] key, String text) {
        return mac(key).doFinal(text.getBytes(UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + HMAC, e);
        }
    }

    private static void xor(byte[] target, byte[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] ^= other[i];
        }
    }
}
