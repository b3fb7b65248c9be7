package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The region that a cache of some name is kept in, where frameworks give caches names that regions
 * cannot have. A name that a region can have is the region's; of any other, as that of a class, the
 * region's name is what can be kept of it, so that an operator knows it again, and a digest of all
 * of it.
 */
/*
 *   users                    users
 *   com.acme.User#friends    com.acme.user-friends.1d0c2cbb5bb8ae4a
 *                            at most 47 characters . 16 of SHA-256's digits
 *
 * The same in every program: caches of one name in several are one cache.
 */
public final class RegionName {
    /** How long a cache's name may be, in characters. */
    public static final int CACHE_NAME_LENGTH_MAX = 1_024;

    private static final Pattern REGION = Pattern.compile("[a-z0-9._-]{1,64}");
    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9._-]");
    private static final int KEPT_LENGTH_MAX = 47;
    private static final int DIGEST_BYTES = 8;

    private RegionName() {}

    /**
     * The region of a cache.
     *
     * @throws IllegalArgumentException if the name is empty or too long, naming the limit
     */
    public static String of(String cacheName) {
        if (cacheName.isEmpty() || cacheName.length() > CACHE_NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "cacheNameLength: "
                            + cacheName.length()
                            + " (expected: 1.."
                            + CACHE_NAME_LENGTH_MAX
                            + ")");
        }
        if (REGION.matcher(cacheName).matches()) {
            return cacheName;
        }
        String kept = OTHERS.matcher(cacheName.toLowerCase(Locale.ROOT)).replaceAll("-");
        return kept.substring(0, Math.min(kept.length(), KEPT_LENGTH_MAX))
                + '.'
                + digest(cacheName);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
