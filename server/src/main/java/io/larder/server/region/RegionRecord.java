package io.larder.server.region;

import java.util.List;

/**
 * Where the regions of a server are written down for the process that comes after it. Called by one
 * thread at a time.
 */
public interface RegionRecord {
    /**
     * A region that was written down.
     *
     * @param name its name
     * @param space the incarnation its items are in
     */
    record Entry(String name, int space) {}

    /** Writes nothing down. */
    RegionRecord NONE =
            new RegionRecord() {
                @Override
                public List<Entry> entries() {
                    return List.of();
                }

                @Override
                public void put(int id, String name, int space) {}
            };

    /** The regions an earlier process has written down, by id. */
    List<Entry> entries();

    /** Writes a region down, with a new id or with another space than before. */
    void put(int id, String name, int space);
}
