package io.larder.client.api;

import com.github.luben.zstd.Zstd;

/** {@link Compression#ZSTD}: the only class that touches its library. Stateless. */
final class ZstdFrames {
    private static final int LEVEL = Zstd.defaultCompressionLevel();

    private ZstdFrames() {}

    static int packedBytesMax(int plainBytes) {
        return Math.toIntExact(Zstd.compressBound(plainBytes));
    }

    static int pack(byte[] plain, byte[] target, int offset) {
        int room = target.length - offset;
        return bytesOf(Zstd.compressByteArray(target, offset, room, plain, 0, plain.length, LEVEL));
    }

    static int unpack(byte[] packed, int offset, byte[] plain) {
        int bytes = packed.length - offset;
        return bytesOf(Zstd.decompressByteArray(plain, 0, plain.length, packed, offset, bytes));
    }

    private static int bytesOf(long result) {
        if (Zstd.isError(result)) {
            throw new IllegalArgumentException(Zstd.getErrorName(result));
        }
        return (int) result;
    }
}
