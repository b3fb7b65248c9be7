package io.larder.server.auth;

/** What a command needs its user to be allowed; every command of every protocol has one. */
public enum Need {
    /** Nothing; also before the user has shown who he is. */
    NOBODY(0),
    /** To be a user: it is about the conversation. */
    ANYBODY(0),
    /** What each of the requests inside needs. */
    EACH(0),
    /** To read the key; and to write it where the request asks for a lease. */
    READ(Right.READ.bit()),
    WRITE(Right.WRITE.bit()),
    READ_AND_WRITE(Right.READ.bit() | Right.WRITE.bit()),
    /** To list keys that begin with the request's prefix. */
    LIST(Right.SCAN.bit()),
    /** To list and read all of the region. */
    EXPORT(Right.SCAN.bit() | Right.READ.bit()),
    /**
     * To clear what the request is about: keys with a prefix, or those of a tag or all, and so all.
     */
    CLEAR(Right.CLEAR.bit()),
    /** Any right in the region that is named. */
    ANY_IN_NAMED(0),
    STATS(Right.STATS.bit()),
    /** To see which keys of whichever region are in use. */
    OBSERVE(Right.STATS.bit() | Right.SCAN.bit()),
    OPERATE(Right.OPERATE.bit());

    private final int bits;

    Need(int bits) {
        this.bits = bits;
    }

    /** The rights it takes, as bits. */
    public int bits() {
        return bits;
    }

    /** Whether it is about single keys, each of which has to be looked at. */
    public boolean isKeyed() {
        return this == READ || this == WRITE || this == READ_AND_WRITE;
    }

    /** Whether it is about the server and not about a region. */
    public boolean isOfServer() {
        return this == STATS || this == OBSERVE || this == OPERATE;
    }
}
