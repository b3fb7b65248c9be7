package io.larder.server.compat.memcached;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What memcached's protocols can ask here, for tests of other packages. */
public final class MemcachedNames {
    private static final int CODES = 256;

    private MemcachedNames() {}

    public static Set<String> ofText() {
        return new TreeSet<>(new TextCommandTable().names());
    }

    /** The codes of the binary protocol, in hexadecimal. */
    public static Set<String> ofBinary() {
        return IntStream.range(0, CODES)
                .filter(code -> BinaryOpcode.of(code) != null)
                .mapToObj(Integer::toHexString)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
