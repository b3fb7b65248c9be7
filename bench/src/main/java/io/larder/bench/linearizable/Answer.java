package io.larder.bench.linearizable;

/** How a client saw an operation end. */
enum Answer {
    /** It was done, or the value is there. */
    OK,
    /** The key was absent. */
    MISS,
    /** ADD: the key was present. */
    EXISTS,
    /** COMPARE_AND_SET: the item had another version. */
    MISMATCH,
    /** LEASE: absent, and the load is the caller's. */
    LEASE_YOURS,
    /** LEASE: absent, and the load is another one's. */
    LEASE_OTHER,
    /** FILL: the lease was over. */
    NOT_STORED,
    /** None came: it may have happened, may yet happen at any later time, or never. */
    UNKNOWN
}
