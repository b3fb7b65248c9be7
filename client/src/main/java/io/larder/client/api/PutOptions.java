package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a value is to be stored. Immutable: each method returns another one, so options may be kept
 * in constants: {@code PutOptions.DEFAULT.ttl(Duration.ofMinutes(5)).tags("user:42")}.
 *
 * <p>There is one condition at most: the last one named.
 */
public final class PutOptions {
    /** What must hold for a value to be stored. */
    public enum Condition {
        ALWAYS,
        ONLY_IF_ABSENT,
        ONLY_IF_PRESENT,
        IF_VERSION,
        IF_NEWER
    }

    /** How many tags a value may have. */
    public static final int TAGS_MAX = 8;

    /** How long a tag may be, in bytes of UTF-8. */
    public static final int TAG_BYTES_MAX = 64;

    /** The region's default TTL, no condition, no flags, no tags. */
    public static final PutOptions DEFAULT = new PutOptions(new Draft());

    private final Ttl ttl;
    private final @Nullable Ttl softTtl;
    private final Condition condition;
    private final long expectedVersion;
    private final long callerVersion;
    private final int clientFlags;
    private final List<String> tags;

    private PutOptions(Draft draft) {
        ttl = draft.ttl;
        softTtl = draft.softTtl;
        condition = draft.condition;
        expectedVersion = draft.expectedVersion;
        callerVersion = draft.callerVersion;
        clientFlags = draft.clientFlags;
        tags = draft.tags;
    }

    public PutOptions ttl(Ttl newTtl) {
        return with(draft -> draft.ttl = newTtl);
    }

    /** A time to live above 0; what is below a millisecond is rounded up. */
    public PutOptions ttl(Duration newTtl) {
        return ttl(Ttl.of(newTtl));
    }

    /** A time to live of 1 millisecond or more. */
    public PutOptions ttlMillis(long newTtlMillis) {
        return ttl(Ttl.ofMillis(newTtlMillis));
    }

    /**
     * After which the value should be loaded anew: {@code getOrLoad} then has one caller do that,
     * and gives the others the old one until the TTL. Other reads take no notice of it.
     */
    public PutOptions softTtl(Duration newSoftTtl) {
        Ttl soft = Ttl.of(newSoftTtl);
        return with(draft -> draft.softTtl = soft);
    }

    /** Store only if the key is absent; else {@link WriteResult#EXISTS}. */
    public PutOptions onlyIfAbsent() {
        return with(draft -> draft.require(Condition.ONLY_IF_ABSENT, 0, 0));
    }

    /** Store only if the key is present; else {@link WriteResult#MISSING}. */
    public PutOptions onlyIfPresent() {
        return with(draft -> draft.require(Condition.ONLY_IF_PRESENT, 0, 0));
    }

    /**
     * Store only over an item of this version; else VERSION_MISMATCH or {@link
     * WriteResult#MISSING}.
     *
     * @param version from an {@link Entry} or a {@link WriteResult}; not 0
     */
    public PutOptions ifVersion(long version) {
        if (version == WriteResult.NO_VERSION) {
            throw new IllegalArgumentException(
                    "expectedVersion: 0 (expected: an item's version; onlyIfAbsent() for none)");
        }
        return with(draft -> draft.require(Condition.IF_VERSION, version, 0));
    }

    /**
     * Store this version of the caller's own with the value, and only if the item has none or a
     * lower one, or if there is no item; else NOT_NEWER. For values whose origin numbers or dates
     * its changes: whatever the order in which they arrive here, the newest stays.
     *
     * @param version from 1
     */
    public PutOptions ifNewer(long version) {
        if (version < 1) {
            throw new IllegalArgumentException("callerVersion: " + version + " (expected: 1..)");
        }
        return with(draft -> draft.require(Condition.IF_NEWER, 0, version));
    }

    /** 32 bits kept beside the value and returned in its {@link Entry}. */
    public PutOptions clientFlags(int newClientFlags) {
        return with(draft -> draft.clientFlags = newClientFlags);
    }

    /**
     * The item's tags, by which {@link AsyncBytesCache#invalidateTag} ends it; those named before
     * are dropped.
     *
     * @param newTags up to {@link #TAGS_MAX}, each of 1 to {@link #TAG_BYTES_MAX} bytes of UTF-8
     */
    public PutOptions tags(String... newTags) {
        return tags(List.of(newTags));
    }

    /** See {@link #tags(String...)}. */
    public PutOptions tags(List<String> newTags) {
        List<String> copy = List.copyOf(newTags);
        if (copy.size() > TAGS_MAX) {
            throw new IllegalArgumentException(
                    "tags: " + copy.size() + " (expected: 0.." + TAGS_MAX + ")");
        }
        copy.forEach(PutOptions::requireTag);
        return with(draft -> draft.tags = copy);
    }

    /**
     * @throws IllegalArgumentException if no item can have it
     */
    static void requireTag(String tag) {
        int bytes = tag.getBytes(UTF_8).length;
        if (bytes < 1 || bytes > TAG_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "tagBytes: " + bytes + " (expected: 1.." + TAG_BYTES_MAX + ")");
        }
    }

    private PutOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new PutOptions(draft);
    }

    public Ttl ttl() {
        return ttl;
    }

    /** See {@link #softTtl(Duration)}; null if there is none. */
    public @Nullable Ttl softTtl() {
        return softTtl;
    }

    public Condition condition() {
        return condition;
    }

    /** With {@link Condition#IF_VERSION} the version, else 0. */
    public long expectedVersion() {
        return expectedVersion;
    }

    /** With {@link Condition#IF_NEWER} the caller's version, else 0. */
    public long callerVersion() {
        return callerVersion;
    }

    public int clientFlags() {
        return clientFlags;
    }

    /** Unmodifiable; empty if there are none. */
    public List<String> tags() {
        return tags;
    }

    /** The fields while they are being changed: a new one is named here, and not in each method. */
    private static final class Draft {
        private Ttl ttl = Ttl.REGION_DEFAULT;
        private @Nullable Ttl softTtl;
        private Condition condition = Condition.ALWAYS;
        private long expectedVersion = WriteResult.NO_VERSION;
        private long callerVersion = WriteResult.NO_VERSION;
        private int clientFlags;
        private List<String> tags = List.of();

        private Draft() {}

        private Draft(PutOptions options) {
            ttl = options.ttl;
            softTtl = options.softTtl;
            condition = options.condition;
            expectedVersion = options.expectedVersion;
            callerVersion = options.callerVersion;
            clientFlags = options.clientFlags;
            tags = options.tags;
        }

        private void require(Condition newCondition, long expected, long callers) {
            condition = newCondition;
            expectedVersion = expected;
            callerVersion = callers;
        }
    }
}
