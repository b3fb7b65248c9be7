package io.larder.client.api;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A value as it was stored, with what the server knows about it.
 *
 * @param value never null; an array belongs to the caller
 * @param version changes with every write; for {@link AsyncBytesCache#compareAndSet} and {@link
 *     AsyncBytesCache#getIfChanged}; opaque but for equality
 * @param expiresInMillis what was left when the server answered, from 0; {@link #NEVER_EXPIRES} if
 *     there is no end
 * @param clientFlags 32 bits that the writer stored beside the value, see {@link
 *     PutOptions#clientFlags()}; 0 if it stored none
 * @param format how the value is encoded, see {@link StoredValue#format()}; 0 if the writer did not
 *     say
 * @param callerVersion the writer's own version, see {@link PutOptions#ifNewer}; 0 if it gave none
 */
public record Entry<V>(
        V value,
        long version,
        long expiresInMillis,
        int clientFlags,
        int format,
        long callerVersion) {
    /** The {@link #expiresInMillis} of an entry without expiry. */
    public static final long NEVER_EXPIRES = -1;

    /** An entry without format and caller's version. */
    public Entry(V value, long version, long expiresInMillis, int clientFlags) {
        this(value, version, expiresInMillis, clientFlags, 0, WriteResult.NO_VERSION);
    }

    /** What was left when the server answered; empty if there is no end. */
    public Optional<Duration> expiresIn() {
        return expiresInMillis == NEVER_EXPIRES
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(expiresInMillis));
    }

    /** The same entry with another value made of this one's. */
    public <R> Entry<R> map(Function<? super V, ? extends R> function) {
        return new Entry<>(
                function.apply(value),
                version,
                expiresInMillis,
                clientFlags,
                format,
                callerVersion);
    }
}
