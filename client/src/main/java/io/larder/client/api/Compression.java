package io.larder.client.api;

/**
 * What makes long values shorter before they are sent. Each needs a library that the client does
 * not bring along.
 */
public enum Compression {
    /** LZ4 blocks, by {@code at.yawk.lz4:lz4-java}: fast, modest. */
    LZ4(1, OptionalLibrary.LZ4),

    /** Zstandard frames, by {@code com.github.luben:zstd-jni}: shorter, slower. */
    ZSTD(2, OptionalLibrary.ZSTD);

    private final int codec;
    private final OptionalLibrary library;

    Compression(int codec, OptionalLibrary library) {
        this.codec = codec;
        this.library = library;
    }

    /** Its number in the low 4 bits of a format. */
    int codec() {
        return codec;
    }

    /**
     * @throws IllegalStateException if its library is not on the class path, naming the artifact
     */
    void requirePresent() {
        library.require("Compression." + name());
    }

    /**
     * Packs {@code plain} into {@code target}, from {@code offset} on.
     *
     * @param target with room for what {@link #packedBytesMax} says
     * @return the bytes it takes
     */
    int pack(byte[] plain, byte[] target, int offset) {
        return switch (this) {
            case LZ4 -> Lz4Blocks.pack(plain, target, offset);
            case ZSTD -> ZstdFrames.pack(plain, target, offset);
        };
    }

    /** How long a value of so many bytes may become. */
    int packedBytesMax(int plainBytes) {
        return switch (this) {
            case LZ4 -> Lz4Blocks.packedBytesMax(plainBytes);
            case ZSTD -> ZstdFrames.packedBytesMax(plainBytes);
        };
    }

    /**
     * Unpacks what begins at {@code offset}; writes into {@code plain} and nowhere else, whatever
     * the bytes.
     *
     * @return the bytes written
     * @throws RuntimeException if it cannot be unpacked into so many
     */
    int unpack(byte[] packed, int offset, byte[] plain) {
        return switch (this) {
            case LZ4 -> Lz4Blocks.unpack(packed, offset, plain);
            case ZSTD -> ZstdFrames.unpack(packed, offset, plain);
        };
    }
}
