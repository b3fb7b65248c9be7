package io.larder.client.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Codecs of JSON by Jackson 2: for mappers of your own and generic types; {@link Codec#json} is the
 * short way. The only class that touches Jackson, which has to be on the class path.
 */
public final class JacksonCodec {
    /** Made when the first codec is asked for; thread-safe once configured. */
    private static final class Default {
        static final ObjectMapper MAPPER =
                JsonMapper.builder()
                        .findAndAddModules()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                        .build();
    }

    private JacksonCodec() {}

    static <T> Codec<T> of(Class<T> type) {
        return of(Default.MAPPER, type);
    }

    /** A codec of one class. */
    public static <T> Codec<T> of(ObjectMapper mapper, Class<T> type) {
        return of(mapper, mapper.constructType(type));
    }

    /** A codec of a generic type, as {@code new TypeReference<List<User>>() {}}. */
    public static <T> Codec<T> of(ObjectMapper mapper, TypeReference<T> type) {
        return of(mapper, mapper.constructType(type.getType()));
    }

    private static <T> Codec<T> of(ObjectMapper mapper, JavaType type) {
        ObjectWriter writer = mapper.writerFor(type);
        ObjectReader reader = mapper.readerFor(type);
        return new Codec<>(
                "json(" + type.toCanonical() + ')',
                Codec.TYPE_JSON,
                writer::writeValueAsBytes,
                bytes -> reader.readValue(bytes));
    }
}
