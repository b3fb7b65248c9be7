package io.larder.bench.ycsb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A YCSB record, field name to value, as the bytes of one cache value, and back. Stateless.
 *
 * @see #encode
 */
/*
 *   0        1                 then, for each field:
 *   +--------+-----------------+---------------------+-- - - --+--------------+-- - - --+
 *   | format | fields (varint) | name word (varint)  | name    | value length | value   |
 *   | 0x01   |                 |                     |         | (varint)     |         |
 *   +--------+-----------------+---------------------+-- - - --+--------------+-- - - --+
 *
 *   name word, odd:  the name is "field" and the decimal number (word >> 1); no name bytes follow
 *   name word, even: (word >> 1) bytes of UTF-8 name follow
 *   varint: seven bits a byte, the lowest first, high bit set if more follow; 31 bits at most
 *
 * YCSB's default record of ten fields of 100 bytes takes 1,022 bytes: 2 for each field beside it.
 */
final class RecordCodec {
    private static final int FORMAT = 0x01;
    private static final String NUMBERED_PREFIX = "field";
    private static final int NUMBER_DIGITS_MAX = 9; // fits in an int with the mark

    private RecordCodec() {}

    /** The record's bytes; fields keep the map's order. */
    static byte[] encode(Map<String, byte[]> fields) {
        int bytes = 8;
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            bytes += field.getKey().length() + field.getValue().length + 8;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes);
        out.write(FORMAT);
        writeVarint(out, fields.size());
        fields.forEach(
                (name, value) -> {
                    writeName(out, name);
                    writeVarint(out, value.length);
                    out.writeBytes(value);
                });
        return out.toByteArray();
    }

    private static void writeName(ByteArrayOutputStream out, String name) {
        if (isNumbered(name)) {
            int number = Integer.parseInt(name.substring(NUMBERED_PREFIX.length()));
            writeVarint(out, (number << 1) | 1);
        } else {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            writeVarint(out, bytes.length << 1);
            out.writeBytes(bytes);
        }
    }

    /** True if the name can be had back from its number: no sign, no leading zero, not too long. */
    private static boolean isNumbered(String name) {
        int from = NUMBERED_PREFIX.length();
        int digits = name.length() - from;
        if (!name.startsWith(NUMBERED_PREFIX) || digits < 1 || digits > NUMBER_DIGITS_MAX) {
            return false;
        }
        boolean hasLeadingZero = name.charAt(from) == '0' && digits > 1;
        return !hasLeadingZero && name.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
    }

    private static void writeVarint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7F) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /**
     * The fields of a record, in the order they were encoded in; the map may be changed.
     *
     * @throws IllegalArgumentException if the bytes are no record
     */
    static Map<String, byte[]> decode(byte[] record) {
        Reader reader = new Reader(record);
        if (reader.readByte() != FORMAT) {
            throw new IllegalArgumentException(
                    "record format: " + record[0] + " (expected: " + FORMAT + ")");
        }
        int count = reader.readVarint();
        Map<String, byte[]> fields = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = reader.readName();
            fields.put(name, reader.readBytes(reader.readVarint()));
        }
        if (reader.position != record.length) {
            throw new IllegalArgumentException(
                    "recordBytes: " + record.length + " (expected: " + reader.position + ")");
        }
        return fields;
    }

    /** A place in a record; each step checks that the bytes are there. */
    private static final class Reader {
        private static final int VARINT_SHIFT_MAX = 28;

        private final byte[] bytes;
        private int position;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        int readByte() {
            require(1);
            return bytes[position++] & 0xFF;
        }

        int readVarint() {
            int value = 0;
            for (int shift = 0; shift <= VARINT_SHIFT_MAX; shift += 7) {
                int next = readByte();
                value |= (next & 0x7F) << shift;
                if (next <= 0x7F) {
                    return requireNotNegative(value);
                }
            }
            throw new IllegalArgumentException("varint at " + position + " (expected: 31 bits)");
        }

        private int requireNotNegative(int value) {
            if (value < 0) {
                throw new IllegalArgumentException(
                        "varint at " + position + ": " + value + " (expected: 31 bits)");
            }
            return value;
        }

        String readName() {
            int word = readVarint();
            return (word & 1) == 1
                    ? NUMBERED_PREFIX + (word >>> 1)
                    : new String(readBytes(word >>> 1), StandardCharsets.UTF_8);
        }

        byte[] readBytes(int length) {
            require(length);
            byte[] part = new byte[length];
            System.arraycopy(bytes, position, part, 0, length);
            position += length;
            return part;
        }

        private void require(int length) {
            if (length > bytes.length - position) {
                throw new IllegalArgumentException(
                        "recordBytes: "
                                + bytes.length
                                + " (expected: "
                                + length
                                + " more at "
                                + position
                                + ")");
            }
        }
    }
}
