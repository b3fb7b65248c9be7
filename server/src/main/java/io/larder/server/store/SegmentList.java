package io.larder.server.store;

/**
 * A list of segments, linked through two columns of the {@link SegmentTable}: adding, removing and
 * finding a neighbour are O(1) and allocate nothing. A segment is in at most one list per pair of
 * columns. Under the lock of the shard that owns the segments; the size may be read without it.
 */
final class SegmentList {
    static final int NONE = SegmentTable.NONE;

    private final SegmentTable segments;
    private final int nextColumn;
    private final int previousColumn;
    private int first = NONE;
    private int last = NONE;
    private int size;

    /** A list through {@code column} and the one behind it. */
    SegmentList(SegmentTable segments, int column) {
        this.segments = segments;
        this.nextColumn = column;
        this.previousColumn = column + 1;
    }

    int first() {
        return first;
    }

    int next(int segment) {
        return segments.get(segment, nextColumn);
    }

    int size() {
        return size;
    }

    void addLast(int segment) {
        addBefore(NONE, segment);
    }

    /** Adds before {@code successor}, which is in the list; at the end if it is {@link #NONE}. */
    void addBefore(int successor, int segment) {
        int predecessor = successor == NONE ? last : segments.get(successor, previousColumn);
        link(predecessor, segment);
        link(segment, successor);
        size++;
    }

    void remove(int segment) {
        link(segments.get(segment, previousColumn), segments.get(segment, nextColumn));
        size--;
    }

    private void link(int before, int after) {
        if (before == NONE) {
            first = after;
        } else {
            segments.set(before, nextColumn, after);
        }
        if (after == NONE) {
            last = before;
        } else {
            segments.set(after, previousColumn, before);
        }
    }
}
