package io.larder.client.api;

import java.util.Objects;

/**
 * How values, or keys, of one type become bytes and come back. Immutable; any thread.
 *
 * <p>Each value is stored with its type and its packing ({@link StoredValue#format()}), so that a
 * codec never reads what another type of codec has written: that is a {@link CodecException} which
 * names both. A value whose writer gave no type, as a counter or one of a {@link BytesCache}, is
 * read by any codec that can make sense of its bytes. There is no Java serialisation, on purpose.
 *
 * <p>Keys are the plain bytes, without type and never packed: equal keys must have equal bytes.
 */
/*
 * Types, as PROTOCOL.md numbers them. A client in another language uses the same ones.
 *
 *   0 raw   1 bytes   2 UTF-8 text   3 decimal number   4 JSON   5-7 reserved   8-15 the user's own
 *
 * Packings: 0 plain, and those of Compression.
 */
public final class Codec<T> {
    /** Makes bytes of a value. Any thread; must not return null. */
    @FunctionalInterface
    public interface Encoder<T> {
        byte[] encode(T value) throws Exception;
    }

    /** Makes a value of bytes. Any thread; must not return null, nor change the array. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(byte[] bytes) throws Exception;
    }

    /** The lowest type of a user's own codec. */
    public static final int OWN_TYPE_MIN = 8;

    /** The highest, and the default, type of a user's own codec. */
    public static final int OWN_TYPE_MAX = 15;

    /** How long a value that came packed may be, unless its codec says otherwise: 64 MiB. */
    public static final int PLAIN_BYTES_MAX_DEFAULT = 64 << 20;

    static final int TYPE_RAW = 0;
    static final int TYPE_BYTES = 1;
    static final int TYPE_TEXT = 2;
    static final int TYPE_NUMBER = 3;
    static final int TYPE_JSON = 4;
    static final int PLAIN = 0;

    private static final Codec<String> UTF8 =
            new Codec<>("utf8", TYPE_TEXT, TextCodecs::encode, TextCodecs::decode);
    private static final Codec<byte[]> BYTES =
            new Codec<>("bytes", TYPE_BYTES, byte[]::clone, byte[]::clone);
    private static final Codec<Long> LONGS =
            new Codec<>("longs", TYPE_NUMBER, TextCodecs::encodeLong, TextCodecs::decodeLong);

    private final String name;
    private final int type;
    private final Encoder<? super T> encoder;
    private final Decoder<? extends T> decoder;
    private final Packing packing;

    Codec(String name, int type, Encoder<? super T> encoder, Decoder<? extends T> decoder) {
        this(name, type, encoder, decoder, Packing.NONE);
    }

    private Codec(
            String name,
            int type,
            Encoder<? super T> encoder,
            Decoder<? extends T> decoder,
            Packing packing) {
        this.name = name;
        this.type = type;
        this.encoder = encoder;
        this.decoder = decoder;
        this.packing = packing;
    }

    /** Text as UTF-8. What has no UTF-8, as half a surrogate pair, is refused. */
    public static Codec<String> utf8() {
        return UTF8;
    }

    /**
     * Bytes as they are, copied both ways. As keys they are found in the results' maps by identity:
     * by the very array that was asked for.
     */
    public static Codec<byte[]> bytes() {
        return BYTES;
    }

    /** Whole numbers as decimal text: what {@link Cache#increment} counts with. */
    public static Codec<Long> longs() {
        return LONGS;
    }

    /**
     * JSON by Jackson 2, with the modules on the class path; properties that the class does not
     * know are skipped, so that versions of a program can share a cache. {@link JacksonCodec} takes
     * mappers and generic types.
     *
     * @throws IllegalStateException if Jackson is not on the class path, naming the artifact
     */
    public static <T> Codec<T> json(Class<T> type) {
        OptionalLibrary.JACKSON.require("Codec.json");
        return JacksonCodec.of(type);
    }

    /** A codec of your own, of the type {@link #OWN_TYPE_MAX}. */
    public static <T> Codec<T> of(Encoder<? super T> encoder, Decoder<? extends T> decoder) {
        return of(OWN_TYPE_MAX, encoder, decoder);
    }

    /**
     * A codec of your own.
     *
     * @param type a number of yours by which values of this codec are told from those of others,
     *     {@link #OWN_TYPE_MIN} to {@link #OWN_TYPE_MAX}
     */
    public static <T> Codec<T> of(
            int type, Encoder<? super T> encoder, Decoder<? extends T> decoder) {
        if (type < OWN_TYPE_MIN || type > OWN_TYPE_MAX) {
            throw new IllegalArgumentException(
                    "type: " + type + " (expected: " + OWN_TYPE_MIN + ".." + OWN_TYPE_MAX + ")");
        }
        return new Codec<>(
                "own",
                type,
                Objects.requireNonNull(encoder, "encoder"),
                Objects.requireNonNull(decoder, "decoder"));
    }

    /**
     * The same codec, which packs the values it writes from a length on, where that makes them
     * shorter. Any codec of the same type reads them, packed or not: so switch readers' libraries
     * on first, then writers.
     *
     * @param thresholdBytes shorter values stay plain; from 1. Below a few hundred bytes packing
     *     costs more than it saves
     * @throws IllegalStateException if the library is not on the class path, naming the artifact
     */
    public static <T> Codec<T> compressed(
            Codec<T> codec, Compression compression, int thresholdBytes) {
        return compressed(codec, compression, thresholdBytes, PLAIN_BYTES_MAX_DEFAULT);
    }

    /**
     * {@link #compressed(Codec, Compression, int)} with a limit of its own.
     *
     * @param plainBytesMax a packed value that says it is longer is not unpacked, but refused
     *     before any memory is taken for it; and a longer one is not packed. From the threshold to
     *     1 GiB
     */
    public static <T> Codec<T> compressed(
            Codec<T> codec, Compression compression, int thresholdBytes, int plainBytesMax) {
        compression.requirePresent();
        Packing packing = new Packing(compression, thresholdBytes, plainBytesMax);
        return new Codec<>(
                codec.name + '+' + compression, codec.type, codec.encoder, codec.decoder, packing);
    }

    /**
     * The value as it is stored.
     *
     * @throws CodecException if the value has no such form
     */
    public StoredValue encode(T value) {
        return packing.pack(toBytes(value), type);
    }

    /**
     * The value that was stored.
     *
     * @throws CodecException if it is of another type, or its bytes make no value
     */
    public T decode(StoredValue stored) {
        if (stored.type() != type && stored.type() != TYPE_RAW) {
            throw new CodecException(
                    "type of the value: "
                            + describe(stored.type())
                            + " (expected: "
                            + describe(type)
                            + ", which the codec "
                            + name
                            + " reads)",
                    null);
        }
        return fromBytes(packing.unpack(stored));
    }

    /**
     * The plain bytes, as for keys.
     *
     * @throws CodecException if the value has none
     */
    public byte[] toBytes(T value) {
        Objects.requireNonNull(value, "value");
        try {
            return Objects.requireNonNull(encoder.encode(value), "the encoder's bytes");
        } catch (Exception e) {
            throw failure("cannot write", e);
        }
    }

    /**
     * The value of plain bytes, as of keys.
     *
     * @throws CodecException if they make none
     */
    public T fromBytes(byte[] bytes) {
        try {
            return Objects.requireNonNull(decoder.decode(bytes), "the decoder's value");
        } catch (Exception e) {
            throw failure("cannot read", e);
        }
    }

    private CodecException failure(String what, Exception cause) {
        return cause instanceof CodecException failure
                ? failure
                : new CodecException(what + " with the codec " + name + ": " + cause, cause);
    }

    /** True if bytes after bytes are the value after the value: what appending needs. */
    public boolean isAppendable() {
        return (type == TYPE_TEXT || type == TYPE_BYTES) && packing.compression() == null;
    }

    /** True if the server can count with what it writes. */
    public boolean isCounter() {
        return type == TYPE_NUMBER && packing.compression() == null;
    }

    private static String describe(int type) {
        String word =
                switch (type) {
                    case TYPE_RAW -> "raw";
                    case TYPE_BYTES -> "bytes";
                    case TYPE_TEXT -> "UTF-8 text";
                    case TYPE_NUMBER -> "decimal number";
                    case TYPE_JSON -> "JSON";
                    default -> type >= OWN_TYPE_MIN ? "own" : "unknown";
                };
        return type + ", " + word;
    }

    /** The codec's name, for messages. */
    @Override
    public String toString() {
        return name;
    }
}
