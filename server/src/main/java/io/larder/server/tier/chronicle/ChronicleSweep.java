package io.larder.server.tier.chronicle;

import io.larder.protocol.file.RegionRecord;
import io.larder.protocol.file.RegionState;
import io.larder.protocol.file.RegionState.Floor;
import io.larder.server.memory.Slice;
import io.larder.server.store.RemovalCause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import net.openhft.chronicle.map.MapEntry;

/**
 * Removes records that nobody can find any more: expired, cleared, invalidated. One segment after
 * the other; a round through all of them retires the floors that were there when it began. For any
 * thread, one at a time.
 */
final class ChronicleSweep {
    /** Segments that a writer who finds no room sweeps at most before it is refused. */
    private static final int HELPS_MAX = 8;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Dead(RemovalCause cause, long version, byte[] key) {}

    private final ChronicleRegion region;
    private int segment; // guarded by this, as all below
    private List<Floor> floorsAtBegin = List.of();

    ChronicleSweep(ChronicleRegion region) {
        this.region = region;
    }

    int helpsMax() {
        return Math.min(HELPS_MAX, region.file.segments());
    }

    /**
     * Sweeps up to {@code segmentsMax} segments.
     *
     * @param mayGoOn asked before each
     * @return records removed
     */
    int sweep(int segmentsMax, long nowMillis, BooleanSupplier mayGoOn) {
        int removed = 0;
        for (int i = 0; i < segmentsMax && mayGoOn.getAsBoolean(); i++) {
            List<Dead> dead = new ArrayList<>();
            removed += step(nowMillis, dead);
            tell(dead);
        }
        return removed;
    }

    /** Sweeps one segment on behalf of a writer that holds a stripe, so nobody is told. */
    int help(long nowMillis) {
        return step(nowMillis, new ArrayList<>());
    }

    private synchronized int step(long nowMillis, List<Dead> dead) {
        RegionState state = region.file.state();
        if (segment == 0) {
            floorsAtBegin = state.floors();
        }
        boolean wantsExpiries = region.wants(RemovalCause.EXPIRED);
        Workspace workspace = new Workspace();
        int[] removed = new int[1];
        region.file.visit(
                segment,
                entry -> {
                    boolean isDead = isDead(entry, workspace, state, nowMillis);
                    if (isDead) {
                        removed[0]++;
                        region.removedDead.increment();
                        if (wantsExpiries) {
                            dead.add(deadOf(entry, workspace.record, nowMillis));
                        }
                    }
                    return isDead;
                });
        segment++;
        if (segment >= region.file.segments()) {
            segment = 0;
            retire();
        }
        return removed[0];
    }

    private static boolean isDead(
            MapEntry<byte[], byte[]> entry,
            Workspace workspace,
            RegionState state,
            long nowMillis) {
        return !ChronicleFile.copy(entry, workspace)
                || workspace.record.isExpired(nowMillis)
                || !state.isCurrent(workspace.record, entry.key().get());
    }

    private static Dead deadOf(
            MapEntry<byte[], byte[]> entry, RegionRecord record, long nowMillis) {
        return new Dead(
                record.isExpired(nowMillis) ? RemovalCause.EXPIRED : RemovalCause.CLEARED,
                record.version(),
                ChronicleFile.keyOf(entry));
    }

    /** A floor that was there for a whole round has nothing left to cover. */
    @SuppressWarnings("ReferenceEquality") // one raised again is another
    private void retire() {
        if (floorsAtBegin.isEmpty()) {
            return;
        }
        List<Floor> done = floorsAtBegin;
        region.file.change(
                state -> {
                    List<Floor> left = new ArrayList<>(state.floors());
                    left.removeIf(floor -> done.stream().anyMatch(old -> old == floor));
                    return state.withFloors(left, false);
                });
    }

    private void tell(List<Dead> dead) {
        for (Dead each : dead) {
            int space = region.space();
            long hash = region.hasher.hash(space, Slice.of(each.key()));
            region.removed(each.cause(), space, hash, each.version(), each.key());
        }
    }
}
