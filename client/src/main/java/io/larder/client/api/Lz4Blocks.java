package io.larder.client.api;

import net.jpountz.lz4.LZ4Factory;

/** {@link Compression#LZ4}: the only class that touches its library. Stateless. */
final class Lz4Blocks {
    private static final LZ4Factory FACTORY = LZ4Factory.fastestInstance();

    private Lz4Blocks() {}

    static int packedBytesMax(int plainBytes) {
        return FACTORY.fastCompressor().maxCompressedLength(plainBytes);
    }

    static int pack(byte[] plain, byte[] target, int offset) {
        return FACTORY.fastCompressor().compress(plain, 0, plain.length, target, offset);
    }

    static int unpack(byte[] packed, int offset, byte[] plain) {
        int bytes = packed.length - offset;
        return FACTORY.safeDecompressor().decompress(packed, offset, bytes, plain, 0);
    }
}
