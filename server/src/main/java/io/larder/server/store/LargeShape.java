package io.larder.server.store;

/**
 * How a value is divided between a chain of whole segments and the item that heads it. Stateless.
 *
 * <p>A value of up to half a segment lies in its item. Of a longer one whole segments are chained,
 * and what is left over stays with the head if it is at most half a segment, else it gets a segment
 * of its own. So less than half of one segment is ever wasted: the bytes charged are at most twice
 * those stored, and at most 1.25 times outside of half a segment to two and a half.
 */
final class LargeShape {
    /**
     * A value this much above half a segment is still no large one: two copies of it pay for a
     * segment and the head item, whatever the key.
     */
    private static final int SLACK_BYTES = 64;

    private LargeShape() {}

    /** The longest value that lies in its item. */
    static int inlineBytesMax(int segmentBytes) {
        return segmentBytes / 2 + SLACK_BYTES;
    }

    /** How many bytes at the end of the value lie in the item. */
    static int tailBytes(int valueLength, int segmentBytes) {
        if (valueLength <= inlineBytesMax(segmentBytes)) {
            return valueLength;
        }
        int rest = valueLength & segmentBytes - 1;
        return rest <= segmentBytes / 2 ? rest : 0;
    }

    /** How many segments the chain has; 0 if there is none. */
    static int chainSegments(int valueLength, int segmentBytes) {
        int chained = valueLength - tailBytes(valueLength, segmentBytes);
        return (int) (((long) chained + segmentBytes - 1) / segmentBytes);
    }
}
