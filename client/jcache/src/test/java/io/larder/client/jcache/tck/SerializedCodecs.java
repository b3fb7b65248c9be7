package io.larder.client.jcache.tck;

import io.larder.client.api.Codec;
import io.larder.client.jcache.CodecSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;

/**
 * Java's serialisation, for the compatibility kit alone, whose values have nothing else: Larder
 * itself has no such codec, as bytes of others must not make objects of any class there is.
 */
public final class SerializedCodecs implements CodecSource {
    @Override
    public <K> Codec<K> keys(Class<K> type, ClassLoader loader) {
        return codec(type);
    }

    @Override
    public <V> Codec<V> values(Class<V> type, ClassLoader loader) {
        return codec(type);
    }

    private static <T> Codec<T> codec(Class<T> type) {
        return Codec.of(SerializedCodecs::written, bytes -> type.cast(read(bytes)));
    }

    private static byte[] written(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream input = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return input.readObject();
        }
    }
}
