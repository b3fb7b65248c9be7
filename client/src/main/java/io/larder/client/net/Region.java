package io.larder.client.net;

/**
 * A region as a client's calls name it, the same object each time; its id is each server's own, and
 * known to the {@link Regions} of the link there. Immutable.
 *
 * @param name as servers know it; empty for the default region
 * @param index which of the client's regions it is; 0 is the default one
 */
record Region(String name, int index) {
    /** The region that needs no opening. */
    static final Region DEFAULT = new Region("", 0);

    boolean isDefault() {
        return index == 0;
    }
}
