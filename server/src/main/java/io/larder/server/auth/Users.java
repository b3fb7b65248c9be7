package io.larder.server.auth;

import io.larder.protocol.auth.ScramSha256;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The users of one reading of a users file. Immutable; any thread. */
final class Users {
    private final Map<String, User> byName = new HashMap<>();
    private final Map<String, User> byToken = new HashMap<>();
    private final Map<String, User> byCertificate = new HashMap<>();

    /**
     * @throws IllegalArgumentException if two share a name, a token or a certificate
     */
    Users(Collection<User> users) {
        for (User user : users) {
            add(byName, user.name(), user, "user " + user.name());
            for (String token : user.tokens()) {
                add(byToken, token, user, "token of " + user.name());
            }
            for (String certificate : user.certificates()) {
                add(byCertificate, certificate, user, "certificate " + certificate);
            }
        }
    }

    private static void add(Map<String, User> map, String key, User user, String what) {
        if (map.put(key, user) != null) {
            throw new IllegalArgumentException(what + ": twice (expected: once)");
        }
    }

    int count() {
        return byName.size();
    }

    @Nullable User find(String name) {
        return byName.get(name);
    }

    /**
     * The user of a token. It is looked for by its digest: what a comparison of digests takes tells
     * nothing of a token that hashes elsewhere.
     */
    @Nullable User ofToken(byte[] token) {
        return byToken.get(digest(token));
    }

    @Nullable User ofCertificate(String commonName) {
        return byCertificate.get(commonName);
    }

    /** A token as it is kept. */
    static String digest(byte[] token) {
        return HexFormat.of().formatHex(ScramSha256.sha256(token));
    }
}
