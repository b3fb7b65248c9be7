package io.larder.bench.linearizable;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A fault put between a client and its server, as a cache could have it, to see that the check
 * finds it: a few operations are answered well and done badly.
 */
enum Plant {
    /** A read is answered with what an earlier one saw, as from a copy nobody invalidated. */
    STALE_READ("stale-read"),
    /** A SET goes to another place than the one that is read, and is answered OK. */
    LOST_UPDATE("lost-update"),
    /** A DELETE finds the item, answers OK, and leaves it there. */
    LOST_DELETE("lost-delete");

    /** One operation out of so many, of those that have the fault, has it. */
    private static final int ONE_IN = 100;

    private final String option;

    Plant(String option) {
        this.option = option;
    }

    /** What is sent instead of an operation; the same unless the fault strikes. */
    Asked distort(Asked asked, SplittableRandom random) {
        if (this == LOST_UPDATE && asked.action() == Action.SET && strikes(random)) {
            return asked.elsewhere();
        }
        if (this == LOST_DELETE && asked.action() == Action.DELETE && strikes(random)) {
            return asked.as(Action.TOUCH);
        }
        return asked;
    }

    /** What is told instead of the answer to a GET; the same unless the fault strikes. */
    Reply distort(Reply reply, @Nullable Reply earlier, SplittableRandom random) {
        return this == STALE_READ && earlier != null && strikes(random) ? earlier : reply;
    }

    private static boolean strikes(SplittableRandom random) {
        return random.nextInt(ONE_IN) == 0;
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return option;
    }
}
