package io.larder.server.auth;

import io.larder.protocol.auth.ScramSha256;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks at passwords that are sent as they are, as other servers' protocols do. Any thread.
 *
 * <p>To reckon one takes milliseconds of an event loop, so it is done {@link #CHECKS_PER_SECOND}
 * times a second at most, and one that was right is known again at once: by a digest with a key
 * that no other process has.
 *
 * <p>Locking: this object's monitor, not while it reckons.
 */
final class PlainPasswords {
    static final int CHECKS_PER_SECOND = 25;

    /** What became of a look. */
    enum Outcome {
        RIGHT,
        WRONG,
        /** Nobody has the time to look now. */
        NO_TIME
    }

    private static final int KNOWN_MAX = 1_000;

    private final LongSupplier nanoClock;
    private final byte[] key = new byte[32];
    private final Map<String, ScramVerifier> known =
            new LinkedHashMap<>(16, 0.75f, true) { // guarded by this
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, ScramVerifier> eldest) {
                    return size() > KNOWN_MAX;
                }
            };
    private long secondNanos; // guarded by this
    private int checks; // guarded by this

    PlainPasswords(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        new SecureRandom().nextBytes(key);
        secondNanos = nanoClock.getAsLong() - TimeUnit.SECONDS.toNanos(1);
    }

    /** Whether this is the password. */
    Outcome look(ScramVerifier verifier, String name, String password) {
        String digest =
                HexFormat.of().formatHex(ScramSha256.hmac(key, name.length() + name + password));
        synchronized (this) {
            if (verifier.equals(known.get(digest))) {
                return Outcome.RIGHT;
            }
            if (!mayCheck()) {
                return Outcome.NO_TIME;
            }
        }
        if (!verifier.isOf(password)) {
            return Outcome.WRONG;
        }
        synchronized (this) {
            known.put(digest, verifier);
        }
        return Outcome.RIGHT;
    }

    private boolean mayCheck() {
        long now = nanoClock.getAsLong();
        if (now - secondNanos >= TimeUnit.SECONDS.toNanos(1)) {
            secondNanos = now;
            checks = 0;
        }
        return ++checks <= CHECKS_PER_SECOND;
    }
}
