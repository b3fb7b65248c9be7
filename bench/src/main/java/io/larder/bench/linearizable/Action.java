package io.larder.bench.linearizable;

/** What a client asks of one key. */
enum Action {
    /** GET. */
    GET,
    /** GET that asks for the lease if the key is absent. */
    LEASE,
    /** SET, whatever there is. */
    SET,
    /** SET if the key is absent. */
    ADD,
    /** SET if the item has the version expected. */
    COMPARE_AND_SET,
    /** SET under a lease. */
    FILL,
    /** RELEASE of a lease. */
    RELEASE,
    /** INCREMENT of what is there. */
    INCREMENT,
    /** INCREMENT, an absent key counting as zero. */
    COUNT,
    /** DELETE. */
    DELETE,
    /** TOUCH. */
    TOUCH
}
