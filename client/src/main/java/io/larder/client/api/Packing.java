package io.larder.client.api;

import static io.larder.client.api.Codec.PLAIN;
import static io.larder.client.api.Codec.PLAIN_BYTES_MAX_DEFAULT;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a codec packs what it writes, and how much of a packed value it is willing to unpack.
 *
 * @param compression null: it packs nothing; it unpacks all the same
 * @param thresholdBytes shorter values stay plain
 * @param plainBytesMax longer values are neither packed nor unpacked
 */
/*
 * A packed value, in every packing:
 *
 *   0                   4
 *   +-------------------+-----------------------------
 *   | plain length u32  | the library's block or frame
 *   +-------------------+-----------------------------
 *
 * The length is looked at before anything is allocated, and the library writes into an array of
 * that length: what a value claims cannot make a reader take more than its limit.
 */
record Packing(@Nullable Compression compression, int thresholdBytes, int plainBytesMax) {
    static final Packing NONE = new Packing(null, 1, PLAIN_BYTES_MAX_DEFAULT);

    private static final int PLAIN_BYTES_MAX_CEILING = 1 << 30;
    private static final int LENGTH_BYTES = Integer.BYTES;

    Packing {
        if (thresholdBytes < 1) {
            throw new IllegalArgumentException(
                    "thresholdBytes: " + thresholdBytes + " (expected: 1..)");
        }
        if (plainBytesMax < thresholdBytes || plainBytesMax > PLAIN_BYTES_MAX_CEILING) {
            throw new IllegalArgumentException(
                    "plainBytesMax: "
                            + plainBytesMax
                            + " (expected: "
                            + thresholdBytes
                            + ".."
                            + PLAIN_BYTES_MAX_CEILING
                            + ")");
        }
    }

    /** The value packed, or plain if it is too short, too long, or packing does not shorten it. */
    StoredValue pack(byte[] plain, int type) {
        if (compression == null || plain.length < thresholdBytes || plain.length > plainBytesMax) {
            return StoredValue.of(plain, type, PLAIN);
        }
        byte[] packed = new byte[LENGTH_BYTES + compression.packedBytesMax(plain.length)];
        ByteBuffer.wrap(packed).putInt(plain.length);
        int bytes = LENGTH_BYTES + compression.pack(plain, packed, LENGTH_BYTES);
        return bytes < plain.length
                ? StoredValue.of(Arrays.copyOf(packed, bytes), type, compression.codec())
                : StoredValue.of(plain, type, PLAIN);
    }

    /**
     * The plain bytes.
     *
     * @throws CodecException if they are too many, or the packed ones are no such value
     */
    byte[] unpack(StoredValue stored) {
        if (stored.codec() == PLAIN) {
            return stored.bytes();
        }
        Compression packing = compressionOf(stored.codec());
        byte[] packed = stored.bytes();
        int plainBytes = packed.length < LENGTH_BYTES ? -1 : ByteBuffer.wrap(packed).getInt();
        if (plainBytes < 0 || plainBytes > plainBytesMax) {
            throw new CodecException(
                    packing
                            + ": plain length: "
                            + Integer.toUnsignedString(plainBytes)
                            + " (expected: 0.."
                            + plainBytesMax
                            + ", the codec's limit)",
                    null);
        }
        byte[] plain = new byte[plainBytes];
        int bytes;
        try {
            packing.requirePresent();
            bytes = packing.unpack(packed, LENGTH_BYTES, plain);
        } catch (RuntimeException e) {
            throw new CodecException("cannot unpack " + packing + ": " + e.getMessage(), e);
        }
        if (bytes != plainBytes) {
            throw new CodecException(
                    packing + ": unpacked length: " + bytes + " (expected: " + plainBytes + ")",
                    null);
        }
        return plain;
    }

    private static Compression compressionOf(int codec) {
        for (Compression compression : Compression.values()) {
            if (compression.codec() == codec) {
                return compression;
            }
        }
        throw new CodecException(
                "packing of the value: " + codec + " (expected: 0 plain, 1 LZ4, 2 Zstd)", null);
    }
}
