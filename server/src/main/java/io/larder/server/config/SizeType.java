package io.larder.server.config;

/**
 * A number of bytes: plain, or with k, m, g or t for powers of 1024; where there is a whole to take
 * a share of, also a percentage of that.
 *
 * @param bytesMin the least
 * @param bytesMax the most
 * @param bytesWhole what 100 % is; 0 if percentages make no sense
 */
public record SizeType(long bytesMin, long bytesMax, long bytesWhole) implements ValueType<Long> {
    private static final String SUFFIXES = "kmgt";

    static SizeType of(long bytesMin, long bytesMax) {
        return new SizeType(bytesMin, bytesMax, 0);
    }

    @Override
    public Long parse(String text) {
        return ValueType.requireRange(bytes(text), bytesMin, bytesMax);
    }

    private long bytes(String text) {
        if (text.isEmpty()) {
            throw new NumberFormatException(text);
        }
        char last = Character.toLowerCase(text.charAt(text.length() - 1));
        String digits = text.substring(0, text.length() - 1).strip();
        if (last == '%' && bytesWhole > 0) {
            long percent = ValueType.requireRange(ValueType.parseDigits(digits), 1, 100);
            return Math.max(bytesMin, bytesWhole / 100 * percent);
        }
        int power = SUFFIXES.indexOf(last) + 1;
        if (power == 0) {
            return ValueType.parseDigits(text);
        }
        long number = ValueType.parseDigits(digits);
        int bits = 10 * power;
        return ValueType.requireRange(number, 0, Long.MAX_VALUE >> bits) << bits;
    }

    @Override
    public String expected() {
        String share = bytesWhole > 0 ? ", or a share as 50%" : "";
        return "a size of "
                + format(bytesMin)
                + ".."
                + format(bytesMax)
                + ", as 64m, 4g or bytes"
                + share;
    }

    @Override
    public String unit() {
        return "bytes";
    }

    /** The shortest exact form: {@code 4m}, {@code 1000}. */
    public static String format(long bytes) {
        long number = bytes;
        int power = 0;
        while (power < SUFFIXES.length() && number > 0 && number % 1024 == 0) {
            number /= 1024;
            power++;
        }
        String suffix = power == 0 ? "" : SUFFIXES.substring(power - 1, power);
        return number + suffix;
    }
}
