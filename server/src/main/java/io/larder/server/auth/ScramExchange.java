package io.larder.server.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.auth.ScramFields;
import io.larder.protocol.auth.ScramSha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** One exchange of SCRAM-SHA-256, the server's side (RFC 5802). For one thread, used once. */
/*
 *   client                                          server
 *   n,,n=user,r=nonce                          -->
 *                                              <--  r=nonce and more,s=salt,i=iterations
 *   c=biws,r=nonce and more,p=proof            -->
 *                                              <--  v=signature
 *
 * A name that is no user's gets a salt too, the same one each time, and fails at the end.
 */
public final class ScramExchange {
    private static final int NONCE_BYTES = 18;
    private static final String HEADER = "n,,"; // no channel binding, no other's name

    private final AccessControl control;
    private final Origin origin;
    private @Nullable User user; // null also if there is none of that name
    private String name = "";
    private @Nullable ScramVerifier verifier;
    private String nonce = "";
    private String messages = ""; // the first ones, as far as they are signed
    private String signature = "";

    ScramExchange(AccessControl control, Origin origin) {
        this.control = control;
        this.origin = origin;
    }

    /**
     * The answer to the client's first message.
     *
     * @throws IllegalArgumentException if it is none
     */
    public String first(byte[] message) {
        String text = new String(message, UTF_8);
        if (!text.startsWith(HEADER)) {
            throw new IllegalArgumentException(
                    "client-first message (expected: n,, first, without channel binding)");
        }
        String bare = text.substring(HEADER.length());
        ScramFields fields = ScramFields.of(bare);
        name = ScramFields.unescaped(fields.get('n'));
        user = control.user(name);
        ScramVerifier known = user == null ? null : user.password();
        verifier = known == null ? control.falseVerifier(name) : known;
        byte[] own = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(own);
        nonce = fields.get('r') + Base64.getEncoder().encodeToString(own);
        String answer =
                "r="
                        + nonce
                        + ",s="
                        + Base64.getEncoder().encodeToString(verifier.salt())
                        + ",i="
                        + verifier.iterations();
        messages = bare + ',' + answer;
        return answer;
    }

    /**
     * What the client's last message comes to; then {@link #signature} is there.
     *
     * @throws IllegalArgumentException if it is none, or there was no first one
     */
    public Verdict last(byte[] message) {
        ScramVerifier known = verifier;
        if (known == null) {
            throw new IllegalArgumentException("client-final message (expected: the first before)");
        }
        verifier = null;
        String text = new String(message, ISO_8859_1);
        int proofAt = text.lastIndexOf(",p=");
        ScramFields fields = ScramFields.of(text);
        if (proofAt < 0
                || !fields.get('r').equals(nonce)
                || !new String(fields.bytes('c'), ISO_8859_1).equals(HEADER)) {
            throw new IllegalArgumentException(
                    "client-final message (expected: the nonce and header of before, a proof last)");
        }
        return control.decide(
                name,
                origin,
                () ->
                        isProof(
                                        known,
                                        fields.bytes('p'),
                                        messages + ',' + text.substring(0, proofAt))
                                ? user
                                : null);
    }

    private boolean isProof(ScramVerifier known, byte[] proof, String signed) {
        if (proof.length != known.storedKey().length) {
            return false;
        }
        byte[] clientKey = ScramSha256.proof(proof, known.storedKey(), signed);
        byte[] signing = ScramSha256.signature(known.serverKey(), signed);
        signature = "v=" + Base64.getEncoder().encodeToString(signing);
        return MessageDigest.isEqual(ScramSha256.storedKey(clientKey), known.storedKey());
    }

    /** What shows the client that the server knows the user, once that was accepted. */
    public String signature() {
        return signature;
    }
}
