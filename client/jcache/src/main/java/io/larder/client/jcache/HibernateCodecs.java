package io.larder.client.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of caches that Hibernate keeps entities, collections and query results in. What it
 * stores are objects of its own, which have no form but Java's serialisation: they are read back
 * behind a filter that lets nothing through but those, the JDK's values and enums. For types of the
 * application's own that are values in entities, make a class of this one that names their
 * packages.
 *
 * <p>Named by {@link LarderCachingProvider#CODECS}; any thread.
 */
/*
 * A key that is an id or a table's name is a scalar and its bytes are text. Another one, as with a
 * tenant, a composite id or a query's parameters, is stored by its digest, and cannot be read back:
 * Hibernate never lists the keys of a cache.
 */
public class HibernateCodecs implements CodecSource {
    /** The number by which such values are told from others: one of a user's own codecs. */
    private static final int TYPE = 13;

    private static final char DIGEST = 'x';
    private static final String ALLOWED =
            "org.hibernate.cache.**;java.io.Serializable;java.lang.*;java.math.*;java.sql.*;java.time.*;java.util.*;";
    private static final String BOUNDS =
            "maxdepth=20;maxrefs=1000000;maxarray=1000000;maxbytes=67108864;";

    private final ObjectInputFilter filter;

    /** Of entities whose values are of the JDK's types. */
    public HibernateCodecs() {
        this(new String[0]);
    }

    /**
     * Of entities that have values of the application's own types.
     *
     * @param packages of those types, as {@code com.acme.money}; those below them not included
     */
    protected HibernateCodecs(String... packages) {
        StringBuilder pattern = new StringBuilder(BOUNDS).append(ALLOWED);
        for (String each : packages) {
            pattern.append(each).append(".*;");
        }
        ObjectInputFilter byName =
                ObjectInputFilter.Config.createFilter(pattern.append("!*").toString());
        filter =
                info ->
                        isEnum(info.serialClass())
                                ? ObjectInputFilter.Status.ALLOWED
                                : byName.checkInput(info);
    }

    /** Whose constants are there before anything is read. */
    private static boolean isEnum(@Nullable Class<?> type) {
        return type != null && Enum.class.isAssignableFrom(type);
    }

    @Override
    @SuppressWarnings("unchecked") // K is Object
    public final <K> Codec<K> keys(Class<K> type, ClassLoader loader) {
        return type == Object.class
                ? (Codec<K>) Codec.of(TYPE, HibernateCodecs::keyBytes, HibernateCodecs::key)
                : new TypeCodecs().keys(type, loader);
    }

    private static byte[] keyBytes(Object key) {
        return Scalars.include(key.getClass())
                ? Scalars.codec().toBytes(key)
                : (DIGEST + KeyDigest.of(key)).getBytes(UTF_8);
    }

    private static Object key(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == DIGEST) {
            throw new CodecException("a key's digest (expected: a scalar)", null);
        }
        return Scalars.codec().fromBytes(bytes);
    }

    @Override
    @SuppressWarnings("unchecked") // V is Object
    public final <V> Codec<V> values(Class<V> type, ClassLoader loader) {
        return type == Object.class
                ? (Codec<V>)
                        Codec.of(
                                TYPE,
                                HibernateCodecs::valueBytes,
                                bytes -> value(bytes, filter, loader))
                : new TypeCodecs().values(type, loader);
    }

    private static byte[] valueBytes(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(value);
        }
        return bytes.toByteArray();
    }

    @SuppressWarnings("BanSerializableRead") // behind a filter
    private static Object value(byte[] bytes, ObjectInputFilter filter, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        try (Input input = new Input(bytes, loader)) {
            input.setObjectInputFilter(filter);
            return input.readObject();
        }
    }

    /** Finds classes by the loader of the cache manager. */
    private static final class Input extends ObjectInputStream {
        private final ClassLoader loader;

        Input(byte[] bytes, ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described)
                throws IOException, ClassNotFoundException {
            try {
                return Class.forName(described.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(described);
            }
        }
    }
}
