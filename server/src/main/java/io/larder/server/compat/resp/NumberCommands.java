package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.ScratchSink;
import io.larder.server.compat.resp.Editing.Change;
import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Commands that take a value for a number. Stateless. */
final class NumberCommands {
    private static final String NOT_A_FLOAT = "ERR value is not a valid float";
    private static final String NO_NUMBER = "ERR increment would produce NaN or Infinity";
    private static final Pattern INFINITE = Pattern.compile("[+-]?(?i:inf|infinity)");
    private static final int FRACTION_DIGITS = 17;
    private static final int FLOAT_CHARACTERS_MAX = 256;
    private static final int EXPONENT_MAX = 4932;

    private NumberCommands() {}

    static void addTo(CommandTable table) {
        table.addKeyed("incr", 2, Access.CHANGES, "Adds one", t -> add(t, 1));
        table.addKeyed("decr", 2, Access.CHANGES, "Takes one away", t -> add(t, -1));
        table.addKeyed("incrby", 3, Access.CHANGES, "Adds", NumberCommands::addBy);
        table.addKeyed("decrby", 3, Access.CHANGES, "Takes away", NumberCommands::takeBy);
        table.addKeyed(
                "incrbyfloat", 3, Access.CHANGES, "Adds a fraction", NumberCommands::addFloat);
    }

    private static void addBy(RespTalk talk) {
        if (talk.readNumber(2)) {
            add(talk, talk.number());
        }
    }

    private static void takeBy(RespTalk talk) {
        if (!talk.readNumber(2)) {
            return;
        }
        if (talk.number() == Long.MIN_VALUE) {
            talk.reply.error("ERR decrement would overflow");
            return;
        }
        add(talk, -talk.number());
    }

    private static void add(RespTalk talk, long delta) {
        Mutation mutation = talk.key(1);
        mutation.delta = delta;
        mutation.createIfAbsent = true;
        mutation.keepExpiry = true;
        mutation.expiryMillis = talk.items().defaultExpiryMillis();
        WriteStatus status = talk.items().increment(mutation);
        if (status == WriteStatus.DONE) {
            talk.reply.number(mutation.number);
        } else {
            talk.refuse(status);
        }
    }

    private static void addFloat(RespTalk talk) {
        BigDecimal delta = parse(talk.text(2));
        if (delta == null && !isInfinite(talk.text(2))) {
            talk.reply.error(NOT_A_FLOAT);
            return;
        }
        String[] wrong = new String[1];
        String[] text = new String[1];
        WriteStatus status =
                Editing.edit(
                        talk,
                        1,
                        (seen, mutation) -> {
                            String stored = seen == null ? "0" : text(seen);
                            BigDecimal before = parse(stored);
                            if (before == null || delta == null) {
                                boolean isNumber = before != null || isInfinite(stored);
                                wrong[0] = isNumber ? NO_NUMBER : NOT_A_FLOAT;
                                return Change.KEEP;
                            }
                            wrong[0] = null;
                            text[0] = format(before.add(delta));
                            byte[] value = Ascii.bytes(text[0]);
                            mutation.value.wrap(value, 0, value.length);
                            return Change.PUT;
                        });
        if (status != WriteStatus.DONE) {
            talk.refuse(status);
        } else if (wrong[0] != null) {
            talk.reply.error(wrong[0]);
        } else {
            talk.reply.bulk(text[0]);
        }
    }

    private static String text(ScratchSink seen) {
        int bytes = Math.min(seen.valueBytes(), FLOAT_CHARACTERS_MAX + 1);
        return new String(seen.value(), 0, bytes, ISO_8859_1);
    }

    private static boolean isInfinite(String text) {
        return INFINITE.matcher(text).matches();
    }

    private static @Nullable BigDecimal parse(String text) {
        if (text.length() > FLOAT_CHARACTERS_MAX) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            long exponent = (long) number.precision() - number.scale();
            return Math.abs(exponent) > EXPONENT_MAX ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String format(BigDecimal number) {
        BigDecimal rounded = number.setScale(FRACTION_DIGITS, RoundingMode.HALF_EVEN);
        if (rounded.signum() == 0) {
            return "0";
        }
        return rounded.stripTrailingZeros().toPlainString();
    }
}
