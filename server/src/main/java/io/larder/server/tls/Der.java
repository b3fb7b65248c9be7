package io.larder.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Values in the distinguished encoding of ASN.1 (ITU-T X.690), as far as certificates need them.
 * Stateless.
 */
final class Der {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0C;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int CONTEXT = 0x80;
    private static final int CONTEXT_CONSTRUCTED = 0xA0;

    private static final int UTC_YEAR_END = 2050; // from here on RFC 5280 wants the other form

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, concatenated(parts));
    }

    static byte[] set(byte[]... parts) {
        return value(SET, concatenated(parts));
    }

    static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    static byte[] yes() {
        return value(BOOLEAN, (byte) 0xFF);
    }

    static byte[] text(String text) {
        return value(UTF8_STRING, text.getBytes(UTF_8));
    }

    static byte[] octets(byte... content) {
        return value(OCTET_STRING, content);
    }

    /** Bits, of which none are unused in the last byte. */
    static byte[] bits(byte[] content) {
        return bits(0, content);
    }

    static byte[] bits(int unused, byte... content) {
        return value(BIT_STRING, concatenated(new byte[] {(byte) unused}, content));
    }

    static byte[] time(Instant time) {
        boolean isUtc = time.atOffset(ZoneOffset.UTC).getYear() < UTC_YEAR_END;
        String text =
                DateTimeFormatter.ofPattern(
                                isUtc ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(time);
        return value(isUtc ? UTC_TIME : GENERALIZED_TIME, text.getBytes(UTF_8));
    }

    /** An identifier in dots, as 2.5.4.3. */
    static byte[] identifier(String dotted) {
        String[] numbers = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(numbers[0]) * 40 + Integer.parseInt(numbers[1]));
        for (int i = 2; i < numbers.length; i++) {
            long number = Long.parseLong(numbers[i]);
            for (int shift = 63 / 7 * 7; shift > 0; shift -= 7) {
                if (number >>> shift != 0) {
                    out.write((int) (0x80 | (number >>> shift & 0x7F)));
                }
            }
            out.write((int) (number & 0x7F));
        }
        return value(OBJECT_IDENTIFIER, out.toByteArray());
    }

    /** A value that has a tag of its place instead of its own. */
    static byte[] context(int number, byte... content) {
        return value(CONTEXT | number, content);
    }

    /** A value in another one with a tag of its place. */
    static byte[] explicit(int number, byte[] inner) {
        return value(CONTEXT_CONSTRUCTED | number, inner);
    }

    private static byte[] value(int tag, byte... content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int zeros = length[0] == 0 ? 1 : 0;
            out.write(0x80 | length.length - zeros);
            out.write(length, zeros, length.length - zeros);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
