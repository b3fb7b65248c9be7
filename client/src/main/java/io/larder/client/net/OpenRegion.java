package io.larder.client.net;

/** What one link knows of a region that its calls have named. One thread: the event loop. */
final class OpenRegion {
    /** The id of a region that the connected server was not asked about yet. */
    static final int UNKNOWN = -1;

    final Region region;
    final WaitingCalls parked = new WaitingCalls();
    int id;
    boolean opening;

    /**
     * @param id 0 to 65,535, or {@link #UNKNOWN}
     */
    OpenRegion(Region region, int id) {
        this.region = region;
        this.id = id;
    }
}
