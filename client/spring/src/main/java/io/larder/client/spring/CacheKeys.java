package io.larder.client.spring;

import io.larder.client.api.Codec;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * The bytes of a cache's keys, the same in every program: text that an operator can read.
 * Stateless.
 */
/*
 *   "ada"                        ada                     as other clients write it
 *   "a#b"                        String#a#b              text with a # might be taken for one of those below
 *   42L                          Long#42
 *   Color.RED                    com.acme.Color#RED
 *   new SimpleKey("ada", 42L)    SimpleKey#3:ada7:Long#42
 *   List.of("a"), {"a"}          List#1:a   String[]#1:a
 *   record Id(String a, int b)   com.acme.Id#1:a9:Integer#7
 *
 * No two keys that differ have one text: each begins with its type, and parts with their lengths.
 */
final class CacheKeys {
    private static final char MARK = '#';

    private static final Set<Class<?>> BY_THEIR_TEXT =
            Set.of(
                    Long.class,
                    Integer.class,
                    Short.class,
                    Byte.class,
                    Double.class,
                    Float.class,
                    Boolean.class,
                    Character.class,
                    BigInteger.class,
                    BigDecimal.class,
                    UUID.class);

    private static final @Nullable Field PARAMETERS = parameters();

    private CacheKeys() {}

    private static @Nullable Field parameters() {
        Field field = ReflectionUtils.findField(SimpleKey.class, "params", Object[].class);
        if (field != null) {
            ReflectionUtils.makeAccessible(field);
        }
        return field;
    }

    /**
     * A key's bytes.
     *
     * @throws IllegalArgumentException if it is of a type that has none, naming it
     */
    static byte[] bytes(Object key) {
        return Codec.utf8().toBytes(text(key));
    }

    private static String text(@Nullable Object key) {
        if (key instanceof String text) {
            return text.isEmpty() || text.indexOf(MARK) >= 0 ? "String#" + text : text;
        }
        if (key == null) {
            return "null#";
        }
        Class<?> type = key.getClass();
        if (BY_THEIR_TEXT.contains(type) || type.getPackageName().equals("java.time")) {
            return type.getSimpleName() + MARK + key;
        }
        if (key instanceof Enum<?> constant) {
            return constant.getDeclaringClass().getName() + MARK + constant.name();
        }
        if (key instanceof SimpleKey && PARAMETERS != null) {
            Object[] parts = (Object[]) ReflectionUtils.getField(PARAMETERS, key);
            return "SimpleKey#" + parts(parts == null ? List.of() : Arrays.asList(parts));
        }
        if (key instanceof List<?> list) {
            return "List#" + parts(list);
        }
        if (type.isArray()) {
            return type.getTypeName()
                    + MARK
                    + parts(Array.getLength(key), it -> Array.get(key, it));
        }
        if (key instanceof Record) {
            RecordComponent[] components = type.getRecordComponents();
            return type.getName()
                    + MARK
                    + parts(components.length, it -> component(components[it], key));
        }
        throw new IllegalArgumentException(
                "key: of "
                        + type.getName()
                        + " (expected: text, a number, a boolean, an enum, a UUID, a date, a record"
                        + " of these, or several of them; name another one by @Cacheable(key = ...))");
    }

    private static String parts(List<?> parts) {
        return parts(parts.size(), parts::get);
    }

    private static String parts(int count, Function<Integer, @Nullable Object> part) {
        StringBuilder all = new StringBuilder();
        for (int index = 0; index < count; index++) {
            String text = text(part.apply(index));
            all.append(text.length()).append(':').append(text);
        }
        return all.toString();
    }

    private static @Nullable Object component(RecordComponent component, Object key) {
        ReflectionUtils.makeAccessible(component.getAccessor());
        return ReflectionUtils.invokeMethod(component.getAccessor(), key);
    }
}
