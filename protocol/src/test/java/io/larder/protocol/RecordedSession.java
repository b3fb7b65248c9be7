package io.larder.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client and a server said to each other on one connection, frame by frame, as kept in
 * {@code /sessions/*.txt} and named in {@code /sessions/index.txt}. In a file, {@code #} begins a
 * comment line, and every other line is one frame: {@code >} from the client or {@code <} from the
 * server, then hex octets, where {@code 78*5} stands for five times 78. Immutable.
 *
 * @param name of the file, without its ending
 * @param turns in the order in which they passed
 */
public record RecordedSession(String name, List<Turn> turns) {
    private static final int RUN_MIN = 8;

    /** One frame. The bytes are not to be changed. */
    public record Turn(boolean isClient, byte[] frame) {}

    public RecordedSession {
        turns = List.copyOf(turns);
    }

    /** All that are kept. */
    public static List<RecordedSession> all() {
        return text("index.txt").lines().map(RecordedSession::load).toList();
    }

    private static RecordedSession load(String name) {
        return parse(name, text(name + ".txt"));
    }

    /** Reads a file's text. */
    public static RecordedSession parse(String name, String text) {
        List<Turn> turns = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                turns.add(new Turn(line.startsWith(">"), octets(line.substring(1).strip())));
            }
        }
        return new RecordedSession(name, turns);
    }

    private static byte[] octets(String text) {
        ByteBuf frame = Unpooled.buffer();
        for (String word : text.split(" +", -1)) {
            String[] octetAndCount = word.split("\\*", -1);
            int count = octetAndCount.length == 1 ? 1 : Integer.parseInt(octetAndCount[1]);
            int octet = Integer.parseInt(octetAndCount[0], 16);
            for (int i = 0; i < count; i++) {
                frame.writeByte(octet);
            }
        }
        return ByteBufUtil.getBytes(frame);
    }

    /** The text of its file, with this comment at its head. */
    public String format(String comment) {
        StringBuilder text = new StringBuilder("# ").append(comment).append('\n');
        for (Turn turn : turns) {
            text.append(turn.isClient ? '>' : '<');
            appendOctets(text, turn.frame);
            text.append('\n');
        }
        return text.toString();
    }

    private static void appendOctets(StringBuilder text, byte[] frame) {
        int i = 0;
        while (i < frame.length) {
            int end = i + 1;
            while (end < frame.length && frame[end] == frame[i]) {
                end++;
            }
            int count = end - i >= RUN_MIN ? end - i : 1;
            text.append(String.format(" %02X", frame[i]));
            text.append(count == 1 ? "" : "*" + count);
            i += count;
        }
    }

    private static String text(String file) {
        try (InputStream stream = RecordedSession.class.getResourceAsStream("/sessions/" + file)) {
            if (stream == null) {
                throw new IllegalArgumentException(
                        "session: " + file + " (expected: a file of /sessions)");
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
