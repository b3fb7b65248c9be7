package io.larder.client.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The codec of caches whose configuration gives no type, and of types that are one number or one
 * text: a letter for the type, then the value's text as UTF-8. Equal values have equal bytes.
 */
/*
 *   +--------+------------------+
 *   | letter |  text, UTF-8     |      i-42    sgreetings    u2f1c...
 *   +--------+------------------+
 */
enum Scalars {
    STRING('s', String.class, text -> text),
    LONG('l', Long.class, Long::valueOf),
    INTEGER('i', Integer.class, Integer::valueOf),
    SHORT('h', Short.class, Short::valueOf),
    BYTE('y', Byte.class, Byte::valueOf),
    BOOLEAN('b', Boolean.class, Scalars::parseBoolean),
    DOUBLE('d', Double.class, Double::valueOf),
    FLOAT('f', Float.class, Float::valueOf),
    BIG_INTEGER('n', BigInteger.class, BigInteger::new),
    BIG_DECIMAL('m', BigDecimal.class, BigDecimal::new),
    UUID_('u', UUID.class, UUID::fromString),
    INSTANT('t', Instant.class, Instant::parse),
    LOCAL_DATE('a', LocalDate.class, LocalDate::parse);

    /** The number by which such values are told from others: one of a user's own codecs. */
    private static final int TYPE = 14;

    private static final Map<Class<?>, Scalars> BY_CLASS = new HashMap<>();
    private static final Map<Byte, Scalars> BY_LETTER = new HashMap<>();

    static {
        for (Scalars scalar : values()) {
            BY_CLASS.put(scalar.type, scalar);
            BY_LETTER.put(scalar.letter, scalar);
        }
    }

    /** Makes the value of its text; without state. */
    @FunctionalInterface
    private interface Parser {
        Object parse(String text);
    }

    private final byte letter;
    private final Class<?> type;

    @SuppressWarnings("ImmutableEnumChecker") // the parsers are functions alone
    private final Parser parser;

    Scalars(char letter, Class<?> type, Parser parser) {
        this.letter = (byte) letter;
        this.type = type;
        this.parser = parser;
    }

    /** Whether the type is one of them. */
    static boolean include(Class<?> type) {
        return BY_CLASS.containsKey(type);
    }

    /** The codec of all of them, and of {@code Object} if it is one of them. */
    static Codec<Object> codec() {
        return Codec.of(TYPE, Scalars::encode, Scalars::decode);
    }

    private static byte[] encode(Object value) {
        Scalars scalar = BY_CLASS.get(value.getClass());
        if (scalar == null) {
            throw new CodecException(
                    value.getClass().getName()
                            + " in a cache without types (expected: one of "
                            + names()
                            + "; or setTypes, or codecs of a LarderConfiguration)",
                    null);
        }
        byte[] text = value.toString().getBytes(UTF_8);
        byte[] bytes = new byte[1 + text.length];
        bytes[0] = scalar.letter;
        System.arraycopy(text, 0, bytes, 1, text.length);
        return bytes;
    }

    private static Object decode(byte[] bytes) {
        Scalars scalar = bytes.length == 0 ? null : BY_LETTER.get(bytes[0]);
        if (scalar == null) {
            throw new CodecException("no scalar value (expected: the letter of a type)", null);
        }
        return scalar.parser.parse(new String(bytes, 1, bytes.length - 1, UTF_8));
    }

    private static Boolean parseBoolean(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text + " (expected: true or false)");
        }
        return Boolean.valueOf(text);
    }

    private static String names() {
        return Arrays.stream(values())
                .map(scalar -> scalar.type.getSimpleName())
                .collect(Collectors.joining(", "));
    }
}
