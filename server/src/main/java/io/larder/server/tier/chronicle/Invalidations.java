package io.larder.server.tier.chronicle;

import io.larder.protocol.file.RegionState;
import io.larder.protocol.file.RegionState.Floor;
import io.larder.server.store.WriteStatus;
import java.util.ArrayList;
import java.util.List;

/** Invalidations by tag and prefix: a floor each, until a sweep has been everywhere. */
final class Invalidations {
    private static final byte[] NO_PREFIX = {};

    private final ChronicleRegion region;

    Invalidations(ChronicleRegion region) {
        this.region = region;
    }

    /**
     * Tags are hashes under a seed that changes with each start, so records from before the start
     * cannot be told apart by theirs: all of them that have one end with the first tag invalidated.
     *
     * <p>Locking: all stripes.
     */
    WriteStatus tag(long tag, long nowMillis) {
        return raise(tag, NO_PREFIX, nowMillis);
    }

    /** Locking: all stripes. */
    WriteStatus prefix(byte[] prefix, long nowMillis) {
        return raise(0, prefix, nowMillis);
    }

    private WriteStatus raise(long tag, byte[] prefix, long nowMillis) {
        region.lockAll();
        try {
            List<Floor> floors = new ArrayList<>(region.file.state().floors());
            floors.removeIf(floor -> floor.isFor(tag, prefix));
            if (floors.size() >= RegionState.FLOORS_MAX) {
                return WriteStatus.BUSY;
            }
            Floor added = new Floor(region.cut(nowMillis), tag, prefix);
            region.file.change(
                    state -> {
                        List<Floor> changed = new ArrayList<>(state.floors());
                        changed.removeIf(floor -> floor.isFor(tag, prefix));
                        changed.add(added);
                        return state.withFloors(changed, tag != 0);
                    });
            return WriteStatus.DONE;
        } finally {
            region.unlockAll();
        }
    }
}
