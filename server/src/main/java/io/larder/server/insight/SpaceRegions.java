package io.larder.server.insight;

import io.larder.server.region.RegionTable;
import org.agrona.collections.Int2IntHashMap;

/** The regions of spaces, each looked for once. Not for several threads at once. */
final class SpaceRegions {
    private static final int SPACES_MAX = 4096;

    private final RegionTable regions;
    private final Int2IntHashMap known = new Int2IntHashMap(RegionTable.NONE);

    SpaceRegions(RegionTable regions) {
        this.regions = regions;
    }

    /** The id of the region whose present space this is, or {@link RegionTable#NONE}. */
    int regionOf(int space) {
        if (!regions.isLive(space, 0)) {
            return RegionTable.NONE;
        }
        int region = known.get(space);
        if (region == RegionTable.NONE) {
            region = regions.ofSpace(space);
            if (known.size() >= SPACES_MAX) {
                known.clear();
            }
            if (region != RegionTable.NONE) {
                known.put(space, region);
            }
        }
        return region;
    }
}
