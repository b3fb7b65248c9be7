package io.larder.client.net;

import io.larder.protocol.Status;

/**
 * How many items of a call were done and how many were not there, for the listener. Counted on the
 * event loop before the call completes.
 */
final class Tally {
    private int done;
    private int missed;

    /** One more item, answered with this status. */
    void count(int status) {
        if (isDone(status)) {
            done++;
        } else if (isMissed(status)) {
            missed++;
        }
    }

    /** Values that were read, known absences included, or items that were written. */
    int done() {
        return done;
    }

    /** Items that were not there. */
    int missed() {
        return missed;
    }

    private static boolean isDone(int status) {
        return Status.isOk(status)
                || status == Status.NOT_MODIFIED.code()
                || status == Status.NEGATIVE.code();
    }

    private static boolean isMissed(int status) {
        return status == Status.MISS.code()
                || status == Status.LEASE_YOURS.code()
                || status == Status.LEASE_OTHER.code();
    }
}
