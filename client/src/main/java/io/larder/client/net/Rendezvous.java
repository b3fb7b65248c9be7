package io.larder.client.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * Which of several servers has a key: the one with the highest weight for it (rendezvous hashing,
 * Thaler and Ravishankar 1998). Every client that is given the same servers agrees, in whatever
 * order they are named, and a server that goes moves no key but its own. Stateless.
 */
/*
 *   hash(bytes)        FNV-1a, 64 bits: h = 0xcbf29ce484222325; for each byte b, unsigned:
 *                      h = (h xor b) * 0x100000001b3
 *   mix(h)             h ^= h >>> 33; h *= 0xff51afd7ed558ccd; h ^= h >>> 33;
 *                      h *= 0xc4ceb9fe1a85ec53; h ^= h >>> 33     (MurmurHash3's finalizer)
 *   seed(server)       mix(hash("host:port")), as the client was given it, in lower case, an IPv6
 *                      address in brackets: names, not what they resolve to
 *   weight(key, server)  mix(hash(key) xor seed(server)), compared unsigned
 *   connection of n    mix(hash(key)) mod n, unsigned
 *
 * All arithmetic is modulo 2^64. mix is a bijection, so two servers weigh the same for a key only
 * if their seeds are the same.
 */
final class Rendezvous {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /** The hash of a key: of the first {@code length} bytes. */
    static long hash(byte[] bytes, int length) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ (bytes[i] & 0xFF)) * FNV_PRIME;
        }
        return hash;
    }

    /** What stands for a server in {@link #weight}. */
    static long seed(ServerAddress address) {
        byte[] name = address.toString().toLowerCase(Locale.ROOT).getBytes(UTF_8);
        return mix(hash(name, name.length));
    }

    /** The weight of a server for a key, to be compared unsigned. */
    static long weight(long keyHash, long seed) {
        return mix(keyHash ^ seed);
    }

    /** Which of a server's connections carries a key, so that its calls stay in their order. */
    static int connection(long keyHash, int connections) {
        return (int) Long.remainderUnsigned(mix(keyHash), connections);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
