package io.larder.client.jcache;

import io.larder.client.api.Codec;
import org.jspecify.annotations.Nullable;

/** The codecs that a cache's types suggest, where nobody names others. */
public final class TypeCodecs implements CodecSource {
    /** For {@link LarderCachingProvider#CODECS}. */
    public TypeCodecs() {}

    @Override
    public <K> Codec<K> keys(Class<K> type, ClassLoader loader) {
        Codec<K> plain = plain(type);
        if (plain == null) {
            throw new IllegalArgumentException(
                    "keyType: "
                            + type.getName()
                            + " (expected: a scalar type, or LarderConfiguration.setKeyCodec)");
        }
        return plain;
    }

    @Override
    @SuppressWarnings("unchecked") // T is byte[]
    public <V> Codec<V> values(Class<V> type, ClassLoader loader) {
        if (type == byte[].class) {
            return (Codec<V>) Codec.bytes();
        }
        Codec<V> plain = plain(type);
        return plain != null ? plain : Codec.json(type);
    }

    @SuppressWarnings("unchecked") // T is what the codec is of
    private static <T> @Nullable Codec<T> plain(Class<T> type) {
        if (type == String.class) {
            return (Codec<T>) Codec.utf8();
        }
        if (type == Long.class) {
            return (Codec<T>) Codec.longs();
        }
        return type == Object.class || Scalars.include(type) ? (Codec<T>) Scalars.codec() : null;
    }
}
