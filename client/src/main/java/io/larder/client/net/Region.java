package io.larder.client.net;

/**
 * A named part of a server's keys. The name may be read by any thread; the rest belongs to the
 * event loop.
 */
final class Region {
    /** The {@link #id} of a region that the present server has not been asked about. */
    static final int UNKNOWN = -1;

    final String name;
    final WaitingCalls parked = new WaitingCalls();
    int id;
    boolean opening;

    /**
     * @param name as the server knows it; empty for the default region
     * @param id 0 to 65,535, or {@link #UNKNOWN}
     */
    Region(String name, int id) {
        this.name = name;
        this.id = id;
    }

    boolean isOpen() {
        return id != UNKNOWN;
    }
}
