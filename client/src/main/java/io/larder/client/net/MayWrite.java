package io.larder.client.net;

/** A future that knows what giving it up leaves open. Any thread. */
interface MayWrite {
    /** True if items may have been changed although nobody has seen the answer. */
    boolean isWrite();
}
