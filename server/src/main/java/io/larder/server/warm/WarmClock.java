package io.larder.server.warm;

import io.larder.server.memory.Memory;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last moment at which a store is known to have been alive, kept in its file: from there time
 * goes on. Written by one thread.
 */
final class WarmClock {
    /*
     * Two places take turns, so that one is whole whenever the process is killed:
     *
     *   0          8               16              24            32          40          48
     *  +----------+---------------+---------------+-------------+-----------+-----------+-------+
     *  | number   | store millis  | uptime millis | unix millis | boot id 128           | check |
     *  +----------+---------------+---------------+-------------+-----------+-----------+-------+
     *
     * The check is stored last; of two places with the right check the higher number counts.
     */
    static final int BYTES = 256;

    private static final int PLACE_BYTES = 128;
    private static final int CHECK = 6;

    private final Memory words;
    private long number;

    WarmClock(Memory words) {
        this.words = words;
        this.number = Math.max(number(0), number(1));
    }

    void write(Moment moment) {
        number++;
        long[] fields = {
            number,
            moment.storeMillis(),
            moment.uptimeMillis(),
            moment.unixMillis(),
            moment.boot().getMostSignificantBits(),
            moment.boot().getLeastSignificantBits()
        };
        int place = (int) (number & 1);
        words.putLongRelease(at(place, CHECK), 0);
        words.storeFence();
        for (int field = 0; field < CHECK; field++) {
            words.putLong(at(place, field), fields[field]);
        }
        words.putLongRelease(at(place, CHECK), check(place));
    }

    /** What was written last; null if that cannot be told. */
    @Nullable Moment read() {
        int place = number(0) > number(1) ? 0 : 1;
        if (number(place) == 0) {
            return null;
        }
        return new Moment(
                get(place, 1),
                get(place, 2),
                get(place, 3),
                new UUID(get(place, 4), get(place, 5)));
    }

    /** The number of a place; 0 if it is not whole. */
    private long number(int place) {
        long check = get(place, CHECK);
        return check != 0 && check == check(place) ? Math.max(0, get(place, 0)) : 0;
    }

    private long check(int place) {
        long sum = 0x1A4DE4L;
        for (int field = 0; field < CHECK; field++) {
            sum = Long.rotateLeft(sum ^ get(place, field), 23) * 0x9E3779B97F4A7C15L;
        }
        return sum | 1;
    }

    private long get(int place, int field) {
        return words.getLong(at(place, field));
    }

    private static long at(int place, int field) {
        return (long) place * PLACE_BYTES + (long) field * Memory.WORD_BYTES;
    }
}
