package io.larder.server.policy;

/** Spreads small numbers over 64 bits, as a key's hash does. */
final class Hashes {
    private Hashes() {}

    static long of(long number) {
        long hash = (number + 1) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        return hash ^ hash >>> 32;
    }
}
