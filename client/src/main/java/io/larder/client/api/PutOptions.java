package io.larder.client.api;

import java.time.Duration;

/**
 * How a value is to be stored. Immutable: each method returns another one, so options may be kept
 * in constants: {@code PutOptions.DEFAULT.ttl(Duration.ofMinutes(5)).onlyIfAbsent()}.
 *
 * @param ttl the time to live
 * @param condition what must hold for the value to be stored
 * @param expectedVersion with {@link Condition#IF_VERSION} the version, else 0
 * @param clientFlags 32 bits kept beside the value and returned in its {@link Entry}
 */
public record PutOptions(Ttl ttl, Condition condition, long expectedVersion, int clientFlags) {
    /** What must hold for a value to be stored. */
    public enum Condition {
        ALWAYS,
        ONLY_IF_ABSENT,
        ONLY_IF_PRESENT,
        IF_VERSION
    }

    /** The region's default TTL, no condition, no flags. */
    public static final PutOptions DEFAULT =
            new PutOptions(Ttl.REGION_DEFAULT, Condition.ALWAYS, WriteResult.NO_VERSION, 0);

    public PutOptions {
        if ((condition == Condition.IF_VERSION) == (expectedVersion == WriteResult.NO_VERSION)) {
            throw new IllegalArgumentException(
                    "expectedVersion: "
                            + expectedVersion
                            + " (expected: an item's version with IF_VERSION, else 0)");
        }
    }

    public PutOptions ttl(Ttl newTtl) {
        return new PutOptions(newTtl, condition, expectedVersion, clientFlags);
    }

    /** A time to live above 0; what is below a millisecond is rounded up. */
    public PutOptions ttl(Duration newTtl) {
        return ttl(Ttl.of(newTtl));
    }

    /** A time to live of 1 millisecond or more. */
    public PutOptions ttlMillis(long newTtlMillis) {
        return ttl(Ttl.ofMillis(newTtlMillis));
    }

    /** Store only if the key is absent; else {@link WriteResult#EXISTS}. */
    public PutOptions onlyIfAbsent() {
        return new PutOptions(ttl, Condition.ONLY_IF_ABSENT, WriteResult.NO_VERSION, clientFlags);
    }

    /** Store only if the key is present; else {@link WriteResult#MISSING}. */
    public PutOptions onlyIfPresent() {
        return new PutOptions(ttl, Condition.ONLY_IF_PRESENT, WriteResult.NO_VERSION, clientFlags);
    }

    /**
     * Store only over an item of this version; else VERSION_MISMATCH or {@link
     * WriteResult#MISSING}.
     *
     * @param version from an {@link Entry} or a {@link WriteResult}; not 0
     */
    public PutOptions ifVersion(long version) {
        return new PutOptions(ttl, Condition.IF_VERSION, version, clientFlags);
    }

    /** 32 bits kept beside the value and returned in its {@link Entry}. */
    public PutOptions clientFlags(int newClientFlags) {
        return new PutOptions(ttl, condition, expectedVersion, newClientFlags);
    }
}
