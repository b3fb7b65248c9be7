package io.larder.server.compat.resp;

import java.util.List;

/**
 * What CLIENT TRACKING ON has asked for. Immutable.
 *
 * @param redirect the id of the connection that is told instead; 0 for none
 * @param mode which changes are told
 * @param isWithoutOwn whether the connection's own changes are not told
 * @param prefixes of the keys whose changes are told in {@link Mode#BROADCAST}
 */
record TrackingOptions(long redirect, Mode mode, boolean isWithoutOwn, List<byte[]> prefixes) {
    /** Those of a connection that tracks nothing. */
    static final TrackingOptions NONE = new TrackingOptions(0, Mode.ALL, false, List.of());

    /** Which changes are told. */
    enum Mode {
        /** Those of keys that were read. */
        ALL,
        /** Those of keys that a command after CLIENT CACHING YES has read. */
        OPT_IN,
        /** Those of keys that were read, but by a command after CLIENT CACHING NO. */
        OPT_OUT,
        /** All, of keys with certain prefixes. */
        BROADCAST
    }
}
