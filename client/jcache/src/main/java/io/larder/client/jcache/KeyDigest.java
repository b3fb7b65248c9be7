package io.larder.client.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a key that is an object: of its class and its fields, one after the other, and of
 * theirs. Equal keys have the same one in every program, which Java's serialisation does not
 * promise: its bytes tell one text that is there twice from two that are equal. One thread; for one
 * key.
 */
/*
 *   null       0
 *   a scalar   class, text
 *   an enum    class, name
 *   a list     class, count, each        (an array too)
 *   a set      class, count, the digests of all, sorted        (a map: of its entries)
 *   others     class, the fields of it and the classes above it, by their names; neither static nor
 *              transient ones, nor one called hashCode, which may differ from program to program
 *
 * Every text has its length before it, so that no two keys that differ are the same bytes.
 */
final class KeyDigest {
    private static final int DEPTH_MAX = 32;
    private static final String HASH_CODE = "hashCode";

    private final MessageDigest digest = sha256();
    private int depth;

    private KeyDigest() {}

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /**
     * The digest of a key, in hexadecimal digits.
     *
     * @throws IllegalArgumentException if a part of it is of a class of the JDK that has no such
     *     form
     */
    static String of(Object key) {
        return HexFormat.of().formatHex(bytesOf(key));
    }

    private static byte[] bytesOf(@Nullable Object part) {
        KeyDigest digest = new KeyDigest();
        digest.add(part);
        return digest.digest.digest();
    }

    private void add(@Nullable Object part) {
        if (++depth > DEPTH_MAX) {
            throw new IllegalArgumentException("key: parts in parts (expected: " + DEPTH_MAX + ")");
        }
        if (part == null) {
            number(0);
        } else if (part.getClass().isArray()) {
            addArray(part);
        } else if (part instanceof Enum<?> constant) {
            text(constant.getDeclaringClass().getName());
            text(constant.name());
        } else if (part instanceof List<?> list) {
            text("list");
            number(list.size());
            list.forEach(this::add);
        } else if (part instanceof Map<?, ?> map) {
            text("map");
            addSorted(map.entrySet().stream().map(KeyDigest::pair).toList());
        } else if (part instanceof Collection<?> collection) {
            text("set");
            addSorted(collection);
        } else {
            addValue(part, part.getClass());
        }
        depth--;
    }

    private static List<@Nullable Object> pair(Map.Entry<?, ?> entry) {
        return Arrays.asList(entry.getKey(), entry.getValue());
    }

    private void addArray(Object array) {
        text(array.getClass().getName());
        int length = Array.getLength(array);
        number(length);
        for (int index = 0; index < length; index++) {
            add(Array.get(array, index));
        }
    }

    private void addSorted(Collection<?> parts) {
        List<byte[]> digests = new ArrayList<>();
        parts.forEach(part -> digests.add(bytesOf(part)));
        digests.sort(Arrays::compare);
        number(digests.size());
        digests.forEach(digest::update);
    }

    private void addValue(Object part, Class<?> type) {
        text(type.getName());
        if (Scalars.include(type) || type == Character.class || isDate(type)) {
            text(part.toString());
        } else if (type.getName().startsWith("java.")) {
            throw new IllegalArgumentException(
                    "key: with a " + type.getName() + " (expected: scalars, dates, collections)");
        } else {
            addFields(part, type);
        }
    }

    private static boolean isDate(Class<?> type) {
        return type.getPackageName().equals("java.time")
                || type.getPackageName().equals("java.sql")
                || type == java.util.Date.class;
    }

    private void addFields(Object part, @Nullable Class<?> type) {
        if (type == null || type == Object.class) {
            return;
        }
        addFields(part, type.getSuperclass());
        Field[] fields = type.getDeclaredFields();
        Arrays.sort(fields, Comparator.comparing(Field::getName));
        for (Field field : fields) {
            int modifiers = field.getModifiers();
            if (!Modifier.isStatic(modifiers)
                    && !Modifier.isTransient(modifiers)
                    && !field.getName().equals(HASH_CODE)) {
                text(field.getName());
                add(value(field, part));
            }
        }
    }

    private static @Nullable Object value(Field field, Object part) {
        try {
            field.setAccessible(true);
            return field.get(part);
        } catch (IllegalAccessException | RuntimeException e) {
            throw new IllegalArgumentException("key: cannot read " + field, e);
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        number(bytes.length);
        digest.update(bytes);
    }

    private void number(int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }
}
