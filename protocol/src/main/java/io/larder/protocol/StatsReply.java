package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The value section of a STATS reply: UTF-8 lines {@code name value}, each ended by a line feed. A
 * name has no space; a value may.
 */
public final class StatsReply {
    private StatsReply() {}

    /** Writes one line. */
    public static void writeLine(ByteBuf out, String name, Object value) {
        out.writeCharSequence(name + ' ' + value + '\n', StandardCharsets.UTF_8);
    }

    /**
     * Reads the lines, in their order, as name and value.
     *
     * @throws MalformedMessageException if a line has no space
     */
    public static Map<String, String> read(ByteBuf buffer, int valueOffset, int valueBytes) {
        String text = buffer.toString(valueOffset, valueBytes, StandardCharsets.UTF_8);
        Map<String, String> stats = new LinkedHashMap<>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            int space = line.indexOf(' ');
            if (space < 1) {
                throw new MalformedMessageException("line", line, "name value");
            }
            stats.put(line.substring(0, space), line.substring(space + 1));
        }
        return stats;
    }
}
