package io.larder.client.spring;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectMapper.DefaultTyping;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import io.larder.client.api.Codec;
import io.larder.client.api.JacksonCodec;
import java.util.Collection;

/**
 * Codecs of values whose types only the values know: JSON with the names of their classes. Only
 * classes of packages that were allowed are made of what a cache holds, as whoever can write to it
 * chooses their names. Needs Jackson.
 */
public final class JsonValues {
    /** Packages of the JDK whose classes are values: text, numbers, dates, collections. */
    private static final String[] OF_THE_JDK = {
        "java.lang.", "java.math.", "java.time.", "java.util."
    };

    private JsonValues() {}

    /**
     * Values of any type out of these packages, those below them included, and of the JDK's values.
     *
     * @param packages as {@code com.acme}
     */
    public static Codec<Object> ofPackages(Collection<String> packages) {
        return JacksonCodec.of(typing(packages), Object.class);
    }

    /** Values of a class that has properties of any type out of these packages. */
    public static <T> Codec<T> ofPackages(Collection<String> packages, Class<T> type) {
        return JacksonCodec.of(typing(packages), type);
    }

    private static ObjectMapper typing(Collection<String> packages) {
        BasicPolymorphicTypeValidator.Builder allowed = BasicPolymorphicTypeValidator.builder();
        for (String each : packages) {
            allowed.allowIfSubType(each + '.');
        }
        for (String each : OF_THE_JDK) {
            allowed.allowIfSubType(each);
        }
        allowed.allowIfSubTypeIsArray(); // whose elements are looked at themselves
        ObjectMapper mapper = mapper();
        mapper.activateDefaultTyping(
                allowed.build(), DefaultTyping.OBJECT_AND_NON_CONCRETE, JsonTypeInfo.As.PROPERTY);
        return mapper;
    }

    /** Values of one class, as any of Larder's clients reads and writes them. */
    @SuppressWarnings("unchecked") // values of another type are refused by the writer
    public static Codec<Object> of(Class<?> type) {
        if (type == String.class) {
            return (Codec<Object>) (Codec<?>) Codec.utf8();
        }
        if (type == Long.class) {
            return (Codec<Object>) (Codec<?>) Codec.longs();
        }
        if (type == byte[].class) {
            return (Codec<Object>) (Codec<?>) Codec.bytes();
        }
        return (Codec<Object>) (Codec<?>) JacksonCodec.of(mapper(), type);
    }

    private static ObjectMapper mapper() {
        return JsonMapper.builder()
                .findAndAddModules()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }
}
