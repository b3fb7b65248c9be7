package io.larder.server.compat.resp;

import io.larder.server.compat.Items;
import io.larder.server.store.Clock;

/** EX, PX, EXAT and PXAT, and the numbers after them. Stateless. */
final class Expiries {
    /** What was read is none, and that is answered. */
    static final long INVALID = -1;

    private Expiries() {}

    /** The expiry that a unit and a positive number mean, or {@link #INVALID}. */
    static long read(RespTalk talk, int unitArgument, int numberArgument) {
        if (!talk.readNumber(numberArgument)) {
            return INVALID;
        }
        boolean isSeconds = talk.is(unitArgument, "ex") || talk.is(unitArgument, "exat");
        boolean isAt = talk.is(unitArgument, "exat") || talk.is(unitArgument, "pxat");
        long number = talk.number();
        if (number <= 0 || !fits(talk.items(), number, isSeconds, isAt)) {
            talk.reply.error("ERR invalid expire time in '" + talk.lowerText(0) + "' command");
            return INVALID;
        }
        return expiryMillis(talk.items(), isSeconds ? number * 1000 : number, isAt);
    }

    /** Whether a time can be told in milliseconds since 1970. */
    static boolean fits(Items items, long number, boolean isSeconds, boolean isAt) {
        if (isSeconds && (number > Long.MAX_VALUE / 1000 || number < Long.MIN_VALUE / 1000)) {
            return false;
        }
        long millis = isSeconds ? number * 1000 : number;
        return isAt || millis <= Long.MAX_VALUE - items.nowUnixMillis();
    }

    static long expiryMillis(Items items, long millis, boolean isAt) {
        return isAt ? Items.expiryAt(millis) : items.expiryAfter(millis);
    }

    /** The Unix time of an expiry. */
    static long unixMillis(long expiryMillis) {
        return expiryMillis + Clock.EPOCH_UNIX_MILLIS;
    }
}
