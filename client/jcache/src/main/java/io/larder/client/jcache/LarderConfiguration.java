package io.larder.client.jcache;

import io.larder.client.api.Codec;
import java.util.Objects;
import java.util.Optional;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a cache with what JCache has no word for: how keys and values become bytes.
 * Not for use by several threads; a cache keeps a copy.
 *
 * <pre>{@code
 * manager.createCache("users",
 *         new LarderConfiguration<String, User>()
 *                 .setTypes(String.class, User.class)
 *                 .setCodecs(Codec.utf8(), Codec.json(User.class)));
 * }</pre>
 */
public class LarderConfiguration<K, V> extends MutableConfiguration<K, V> {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Codec<K> keyCodec;
    private transient @Nullable Codec<V> valueCodec;

    /** JCache's defaults, and codecs after the types. */
    public LarderConfiguration() {}

    /** A copy. */
    public LarderConfiguration(CompleteConfiguration<K, V> other) {
        super(other);
        if (other instanceof LarderConfiguration<K, V> larder) {
            keyCodec = larder.keyCodec;
            valueCodec = larder.valueCodec;
        }
    }

    /** A copy, of whatever kind of configuration. */
    static <K, V> LarderConfiguration<K, V> copyOf(Configuration<K, V> other) {
        if (other instanceof CompleteConfiguration<K, V> complete) {
            return new LarderConfiguration<>(complete);
        }
        LarderConfiguration<K, V> copy = new LarderConfiguration<>();
        copy.setTypes(other.getKeyType(), other.getValueType());
        copy.setStoreByValue(other.isStoreByValue());
        return copy;
    }

    @Override
    public LarderConfiguration<K, V> setTypes(Class<K> keyType, Class<V> valueType) {
        super.setTypes(keyType, valueType);
        return this;
    }

    /** How keys become bytes, equal ones the same, and values. */
    public LarderConfiguration<K, V> setCodecs(Codec<K> keys, Codec<V> values) {
        return setKeyCodec(keys).setValueCodec(values);
    }

    /** How keys become bytes, equal ones the same. */
    public LarderConfiguration<K, V> setKeyCodec(Codec<K> codec) {
        keyCodec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /** How values become bytes. */
    public LarderConfiguration<K, V> setValueCodec(Codec<V> codec) {
        valueCodec = Objects.requireNonNull(codec, "codec");
        return this;
    }

    /** See {@link #setKeyCodec}; empty: after the type. */
    public Optional<Codec<K>> keyCodec() {
        return Optional.ofNullable(keyCodec);
    }

    /** See {@link #setValueCodec}; empty: after the type. */
    public Optional<Codec<V>> valueCodec() {
        return Optional.ofNullable(valueCodec);
    }
}
