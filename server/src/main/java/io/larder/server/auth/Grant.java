package io.larder.server.auth;

import java.util.Arrays;

/**
 * Rights on the items of a region, or of all, whose keys begin with a prefix.
 *
 * @param rights bits of {@link Right}
 * @param region its name, or {@link #EVERYWHERE}
 * @param prefix empty for all keys; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by isSame
record Grant(int rights, String region, byte[] prefix) {
    /** All regions. */
    static final String EVERYWHERE = "*";

    boolean isWhole() {
        return prefix.length == 0;
    }

    boolean isSame(Grant other) {
        return rights == other.rights
                && region.equals(other.region)
                && Arrays.equals(prefix, other.prefix);
    }

    boolean isIn(String name) {
        return region.equals(EVERYWHERE) || region.equals(name);
    }
}
