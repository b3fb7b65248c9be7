package io.larder.bench.linearizable;

import io.larder.protocol.Status;

/**
 * What a server's reply says. Immutable.
 *
 * @param id of the request
 * @param status as the wire has it
 * @param value the number in it, 0 if none
 * @param version the item's, or a lease's token; 0 if none
 */
record Reply(int id, Status status, long value, long version) {
    /** True if nothing was done, and nothing is said of the key. */
    boolean isRefusal() {
        return status == Status.BUSY || status == Status.DEADLINE || status == Status.SHUTTING_DOWN;
    }

    /** True if it may or may not have been done. */
    boolean isUncertain() {
        return status == Status.INTERNAL;
    }

    /**
     * What it means to the model.
     *
     * @throws IllegalStateException if no such answer is expected here
     */
    Answer answer() {
        return switch (status) {
            case OK -> Answer.OK;
            case MISS -> Answer.MISS;
            case EXISTS -> Answer.EXISTS;
            case VERSION_MISMATCH -> Answer.MISMATCH;
            case LEASE_YOURS -> Answer.LEASE_YOURS;
            case LEASE_OTHER -> Answer.LEASE_OTHER;
            case NOT_STORED -> Answer.NOT_STORED;
            default -> throw new IllegalStateException("status: " + status);
        };
    }
}
