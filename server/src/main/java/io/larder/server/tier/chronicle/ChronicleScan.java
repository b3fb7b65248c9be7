package io.larder.server.tier.chronicle;

import io.larder.server.memory.Slice;
import io.larder.server.store.Key;
import io.larder.server.store.Scan;
import io.larder.server.store.ScanSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Scans of one region. For any thread; allocates. */
final class ChronicleScan {
    /*
     * The order: segment by segment, in each by the upper 40 bits of the keys' hashes.
     *
     *   cursor   segment 15 | 1 | upper 40 bits of a hash, of the next item; its upper 8 bits are 0
     *
     * A page is the lowest places of a segment from the cursor on, found by one walk through the
     * segment under its lock; the items are read after it, one by one, with no lock held. A key
     * never changes its place, so one that is there throughout is met. Keys that share a place are
     * handed over together; the last place of a page that is full may be incomplete, and is left to
     * the next.
     */
    private static final int PAGE_MAX = 512;
    private static final int PLACE_BITS = 40;
    private static final long PLACE_MASK = (1L << PLACE_BITS) - 1;

    /** Set in each cursor but the first, so that none is 0, which is the end. */
    private static final long MARK = 1L << PLACE_BITS;

    private static final int SEGMENT_SHIFT = PLACE_BITS + 1;

    /** Chains that a walk through a segment counts as, against {@link Scan#bucketsMax}. */
    private static final int BUCKETS_PER_WALK = 128;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Place(long place, byte[] key) {}

    private static final Comparator<Place> ASCENDING = Comparator.comparingLong(Place::place);

    private final ChronicleRegion region;

    ChronicleScan(ChronicleRegion region) {
        this.region = region;
    }

    long cursorOf(Key key) {
        int segment = region.file.segmentOf(key.bytes().toByteArray());
        return cursor(segment, place(key.hash()));
    }

    private static long cursor(int segment, long place) {
        return ((long) segment << SEGMENT_SHIFT) | MARK | place;
    }

    private static long place(long hash) {
        return hash >>> (Long.SIZE - PLACE_BITS);
    }

    /** See {@link io.larder.server.store.Store#scan}. */
    void scan(Scan scan, long nowMillis, ScanSink sink) {
        long segment = scan.cursor >>> SEGMENT_SHIFT;
        boolean isMarked = (scan.cursor & MARK) != 0;
        if (segment >= region.file.segments() || isMarked == (scan.cursor == Scan.BEGIN)) {
            throw new IllegalArgumentException(
                    "cursor: "
                            + Long.toUnsignedString(scan.cursor)
                            + " (expected: 0, or one that a scan of this region ended with)");
        }
        if (scan.space != Scan.ANY_SPACE && !region.isCurrent(scan.space)) {
            scan.cursor = Scan.END;
            return;
        }
        long cursor = cursor((int) segment, scan.cursor & PLACE_MASK);
        int walks = Math.max(1, scan.bucketsMax / BUCKETS_PER_WALK);
        boolean wantsMore = true;
        for (int i = 0; i < walks && wantsMore && cursor != Scan.END; i++) {
            List<Place> page = page(scan, cursor);
            int count = complete(page);
            int shown = 0;
            while (shown < count && (wantsMore || isSamePlace(page, shown))) {
                wantsMore &= show(scan, page.get(shown).key(), nowMillis, sink);
                shown++;
            }
            cursor = next(cursor, page, shown);
        }
        scan.cursor = cursor;
    }

    private static boolean isSamePlace(List<Place> page, int index) {
        return index > 0 && page.get(index).place() == page.get(index - 1).place();
    }

    /** How many of a page can be handed over: all places of which nothing is missing. */
    private static int complete(List<Place> page) {
        int count = page.size();
        if (count < PAGE_MAX || page.get(0).place() == page.get(count - 1).place()) {
            return count;
        }
        while (page.get(count - 1).place() == page.get(page.size() - 1).place()) {
            count--;
        }
        return count;
    }

    private long next(long cursor, List<Place> page, int shown) {
        int segment = (int) (cursor >>> SEGMENT_SHIFT);
        if (shown < page.size()) {
            return cursor(segment, page.get(shown).place());
        }
        if (page.size() == PAGE_MAX && page.get(shown - 1).place() < PLACE_MASK) {
            return cursor(segment, page.get(shown - 1).place() + 1);
        }
        return segment + 1 < region.file.segments() ? cursor(segment + 1, 0) : Scan.END;
    }

    private List<Place> page(Scan scan, long cursor) {
        long from = cursor & PLACE_MASK;
        int space = region.space();
        byte[] prefix = scan.prefix.toByteArray();
        PriorityQueue<Place> lowest = new PriorityQueue<>(ASCENDING.reversed());
        Slice slice = new Slice();
        region.file.visit(
                (int) (cursor >>> SEGMENT_SHIFT),
                entry -> {
                    byte[] key = ChronicleFile.keyOf(entry);
                    long place = place(region.hasher.hash(space, slice.wrap(key, 0, key.length)));
                    boolean isLow = lowest.size() < PAGE_MAX || place < lowest.element().place();
                    if (place >= from && isLow && startsWith(key, prefix)) {
                        lowest.add(new Place(place, key));
                        if (lowest.size() > PAGE_MAX) {
                            lowest.remove();
                        }
                    }
                    return false;
                });
        List<Place> page = new ArrayList<>(lowest);
        page.sort(ASCENDING);
        return page;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private boolean show(Scan scan, byte[] key, long nowMillis, ScanSink sink) {
        Workspace workspace = region.workspace();
        int space = region.space();
        if (!region.file.read(key, workspace)
                || !region.isLive(workspace.record, key, nowMillis)
                || !scan.liveness.isLive(space, workspace.record.version())) {
            return true;
        }
        workspace.show(space, Slice.of(key));
        return sink.accept(workspace.scanned(scan.withValues));
    }
}
