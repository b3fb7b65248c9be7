package io.larder.client.net;

import io.larder.protocol.ProtocolLimits;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** The regions that a client's program has named. Any thread. */
final class RegionNames {
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9._-]{1," + ProtocolLimits.REGION_NAME_BYTES_MAX + "}");

    private final Map<String, Region> byName = new ConcurrentHashMap<>();
    private final AtomicInteger lastIndex = new AtomicInteger(Region.DEFAULT.index());

    /**
     * The region of a name, the same one each time; the empty name is the default region's. Nothing
     * is sent.
     *
     * @throws IllegalArgumentException if the protocol allows no such name
     */
    Region region(String name) {
        if (name.isEmpty()) {
            return Region.DEFAULT;
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "region: "
                            + name
                            + " (expected: 1.."
                            + ProtocolLimits.REGION_NAME_BYTES_MAX
                            + " of a-z 0-9 . _ -)");
        }
        return byName.computeIfAbsent(name, it -> new Region(it, lastIndex.incrementAndGet()));
    }
}
