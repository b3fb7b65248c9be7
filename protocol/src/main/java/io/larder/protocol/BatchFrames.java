package io.larder.protocol;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A reader over the frames in the value section of a BATCH or of its reply, to be wrapped around
 * the next one again and again: it allocates nothing and throws nothing, whatever the bytes.
 */
/*
 *   +--------------------+------+--------------------+------+----
 *   | header, 24 bytes   | body | header, 24 bytes   | body | ...
 *   +--------------------+------+--------------------+------+----
 */
public final class BatchFrames {
    /** What {@link #next} found. */
    public enum Step {
        /** A whole frame. */
        FRAME,
        /** No more of them. */
        END,
        /** Bytes that are no whole frame; no further step is taken. */
        MALFORMED
    }

    private final FrameDirection direction;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int position;
    private int end;
    private int frameOffset;
    private Step step = Step.END;

    /**
     * @param direction TO_SERVER for the frames of a request, TO_CLIENT for those of a reply
     */
    public BatchFrames(FrameDirection direction) {
        this.direction = direction;
    }

    /** Starts over with these bytes; they must stay valid while being read. */
    public BatchFrames wrap(ByteBuf newBuffer, int valueOffset, int valueBytes) {
        buffer = newBuffer;
        position = valueOffset;
        end = valueOffset + valueBytes;
        step = Step.FRAME;
        return this;
    }

    /** Moves to the next frame. After any other step than FRAME it stays there. */
    public Step next() {
        if (step != Step.FRAME) {
            return step;
        }
        int available = end - position;
        if (available == 0) {
            step = Step.END;
        } else if (available < HEADER_BYTES
                || FrameCheck.problem(buffer, position, available, direction) != null
                || FrameHeader.frameBytes(buffer, position) > available) {
            step = Step.MALFORMED;
        } else {
            frameOffset = position;
            position += (int) FrameHeader.frameBytes(buffer, position);
        }
        return step;
    }

    /** Where the present frame's header begins, in the buffer; {@link FrameHeader} reads it. */
    public int frameOffset() {
        return frameOffset;
    }

    /**
     * Counts the frames of a value section, up to one more than {@code countMax}; -1 if it is
     * malformed before that. The reader is left at the beginning.
     */
    public int count(ByteBuf newBuffer, int valueOffset, int valueBytes, int countMax) {
        wrap(newBuffer, valueOffset, valueBytes);
        int count = 0;
        while (count <= countMax && next() == Step.FRAME) {
            count++;
        }
        int result = step == Step.MALFORMED ? -1 : count;
        wrap(newBuffer, valueOffset, valueBytes);
        return result;
    }
}
