package io.larder.protocol.auth;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a SCRAM message: {@code r=nonce,s=salt,i=4096}. Immutable. */
public final class ScramFields {
    private static final int FIELDS_MAX = 8;

    private final Map<Character, String> fields;

    private ScramFields(Map<Character, String> fields) {
        this.fields = fields;
    }

    /**
     * Takes a message apart.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ScramFields of(String message) {
        Map<Character, String> fields = new LinkedHashMap<>();
        for (String field : message.split(",", FIELDS_MAX)) {
            if (field.length() < 2 || field.charAt(1) != '=') {
                throw new IllegalArgumentException("field (expected: a letter, =, and a value)");
            }
            if (fields.put(field.charAt(0), field.substring(2)) != null) {
                throw new IllegalArgumentException("field: twice (expected: each once)");
            }
        }
        return new ScramFields(fields);
    }

    /** A field's value; null if it is not there. */
    public @Nullable String find(char name) {
        return fields.get(name);
    }

    /**
     * A field's value.
     *
     * @throws IllegalArgumentException if it is not there
     */
    public String get(char name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("field " + name + ": absent (expected: a value)");
        }
        return value;
    }

    /** The bytes that a field says in Base64. */
    public byte[] bytes(char name) {
        return Base64.getDecoder().decode(get(name));
    }

    /** A user's name as a message has it. */
    public static String escaped(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    /** The name again. */
    public static String unescaped(String text) {
        String name = text.replace("=2C", ",").replace("=3D", "=");
        if (!escaped(name).equals(text)) {
            throw new IllegalArgumentException("name (expected: = and , as =3D and =2C)");
        }
        return name;
    }
}
