package io.larder.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into lines of bounded length. For one thread. */
final class LineReader {
    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream input;
    private final int lineBytesMax;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    /**
     * @param lineBytesMax bytes of the longest line, without its end
     */
    LineReader(InputStream input, int lineBytesMax) {
        this.input = input;
        this.lineBytesMax = lineBytesMax;
    }

    /**
     * The next line without its end, a line feed that a carriage return may precede; null at the
     * end of the stream.
     *
     * @throws InputException if it is too long; the next call goes on behind it
     */
    byte @Nullable [] next() throws IOException {
        if (!fill()) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long length = 0;
        boolean ended = false;
        while (!ended && fill()) {
            int start = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            ended = position < limit;
            length += position - start;
            if (length <= lineBytesMax + 1L) { // a carriage return perhaps
                line.write(buffer, start, position - start);
            }
            if (ended) {
                position++;
            }
        }
        return withoutCarriageReturn(line.toByteArray(), length, ended);
    }

    private byte[] withoutCarriageReturn(byte[] line, long length, boolean ended) {
        boolean carriageReturn =
                ended && length == line.length && length > 0 && line[line.length - 1] == '\r';
        if (length - (carriageReturn ? 1 : 0) > lineBytesMax) {
            throw new InputException(
                    "line-too-long", length + " bytes (expected: at most " + lineBytesMax + ")");
        }
        return carriageReturn ? Arrays.copyOf(line, line.length - 1) : line;
    }

    /** Sees to it that there is a byte at the position; false at the end of the stream. */
    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        limit = Math.max(0, input.read(buffer));
        return limit > 0;
    }
}
