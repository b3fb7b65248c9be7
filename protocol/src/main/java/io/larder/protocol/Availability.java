package io.larder.protocol;

/** Whether a number of the protocol is in use in version 1, or only set aside for a later one. */
public enum Availability {
    /** Servers of version 1 carry it out. */
    NOW,
    /** The number is taken; servers of version 1 refuse it, naming it. */
    RESERVED
}
