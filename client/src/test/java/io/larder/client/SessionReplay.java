package io.larder.client;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.Opcode;
import io.larder.protocol.RecordedSession;
import io.larder.protocol.RecordedSession.Turn;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.ScanReply;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says to a server what the client said in a recorded session, and requires the answers of then.
 * For one thread.
 *
 * <p>What must differ is set aside: boot id and version of the server, its times, texts for people,
 * the numbers of STATS, cursors and the order of a SCAN, where a value in pieces is cut, and the
 * numbers of versions and leases; and INVALIDATE_ALL where nothing has been tracked, which servers
 * told at first. Where the client repeats one of these, it repeats that of now.
 */
final class SessionReplay {
    private static final int PATIENCE_MILLIS = 20_000;

    private final List<Long> recordedNumbers = new ArrayList<>(); // versions and leases, as seen
    private final List<Long> presentNumbers = new ArrayList<>(); // the same, in this replay
    private boolean hasTracked;
    private final DataInputStream in;
    private final Socket socket;

    private SessionReplay(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Replays it all against the server at this port of the loopback. */
    static void replay(RecordedSession session, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            new SessionReplay(socket).replay(session.turns());
        }
    }

    private void replay(List<Turn> turns) throws IOException {
        int next = 0;
        while (next < turns.size()) {
            int first = next;
            for (; next < turns.size() && turns.get(next).isClient(); next++) {
                byte[] request = turns.get(next).frame();
                hasTracked |= mayTrack(request);
                socket.getOutputStream().write(translated(request));
            }
            Answers recorded = new Answers();
            for (; next < turns.size() && !turns.get(next).isClient(); next++) {
                byte[] answer = turns.get(next).frame();
                if (hasTracked || !isInvalidateAll(answer)) {
                    recorded.add(answer);
                }
            }
            Answers present = new Answers();
            while (present.complete < recorded.complete) {
                present.add(RecordingProxy.readFrame(in));
            }
            assertThat(present.describe(presentNumbers))
                    .describedAs("turns %d to %d", first + 1, next)
                    .isEqualTo(recorded.describe(recordedNumbers));
        }
    }

    private static boolean mayTrack(byte[] request) {
        ByteBuf buffer = Unpooled.wrappedBuffer(request);
        int opcode = FrameHeader.opcode(buffer, 0);
        return opcode == Opcode.BATCH.code()
                || (FrameHeader.flags(buffer, 0) & RequestFlag.TRACK) != 0;
    }

    private static boolean isInvalidateAll(byte[] answer) {
        return FrameHeader.opcode(Unpooled.wrappedBuffer(answer), 0)
                == Opcode.INVALIDATE_ALL.code();
    }

    /** A client's frame with the versions and leases of this replay. */
    private byte[] translated(byte[] recorded) {
        byte[] frame = recorded.clone();
        ByteBuf buffer = Unpooled.wrappedBuffer(frame);
        translate(buffer, 0);
        if (FrameHeader.opcode(buffer, 0) == Opcode.BATCH.code()
                && FrameHeader.hasConsistentLengths(buffer, 0)) {
            int inner = FrameHeader.valueOffset(buffer, 0);
            while (inner + HEADER_BYTES <= frame.length) {
                translate(buffer, inner);
                inner += (int) FrameHeader.frameBytes(buffer, inner);
            }
        }
        return frame;
    }

    private void translate(ByteBuf buffer, int offset) {
        Extensions extensions = extensionsOf(buffer, offset);
        while (extensions.next() == Extensions.Step.ENTRY) {
            if (isNumbered(extensions.type())) {
                int index = recordedNumbers.lastIndexOf(extensions.longValue());
                if (index >= 0) {
                    buffer.setLong(extensions.valueOffset(), presentNumbers.get(index));
                }
            }
        }
    }

    private static boolean isNumbered(ExtensionType type) {
        return type == ExtensionType.VERSION
                || type == ExtensionType.LEASE
                || type == ExtensionType.LEASE_TOKEN;
    }

    private static Extensions extensionsOf(ByteBuf buffer, int offset) {
        int start = FrameHeader.extensionOffset(offset);
        int length = FrameHeader.extensionBytes(buffer, offset);
        int there = Math.max(0, Math.min(length, buffer.writerIndex() - start));
        return new Extensions().wrap(buffer, start, there);
    }

    /** What a server said in one go, the pieces of a value put together. */
    private static final class Answers {
        private final List<byte[]> firsts = new ArrayList<>(); // the first frame of each
        private final List<ByteBuf> values = new ArrayList<>();
        private int complete;

        void add(byte[] frame) {
            ByteBuf buffer = Unpooled.wrappedBuffer(frame);
            int index = indexOf(buffer);
            if (index < 0) {
                index = firsts.size();
                firsts.add(frame);
                values.add(Unpooled.buffer());
            }
            int start = FrameHeader.valueOffset(buffer, 0);
            values.get(index).writeBytes(buffer, start, FrameHeader.valueBytes(buffer, 0));
            complete += isMore(buffer) ? 0 : 1;
        }

        /** The value that this is a further piece of; -1 if none. */
        private int indexOf(ByteBuf frame) {
            for (int i = 0; i < firsts.size(); i++) {
                ByteBuf first = Unpooled.wrappedBuffer(firsts.get(i));
                if (isMore(first)
                        && FrameHeader.requestId(first, 0) == FrameHeader.requestId(frame, 0)) {
                    return i;
                }
            }
            return -1;
        }

        private static boolean isMore(ByteBuf frame) {
            return FrameHeader.magic(frame, 0) == FrameHeader.MAGIC_RESPONSE
                    && (FrameHeader.flags(frame, 0) & RequestFlag.MORE) != 0;
        }

        /** One line for each, by magic and request id; adds versions and leases to a list. */
        List<String> describe(List<Long> numbers) {
            Comparator<ByteBuf> byMagic =
                    Comparator.comparingInt(frame -> FrameHeader.magic(frame, 0));
            Map<ByteBuf, ByteBuf> ordered =
                    new TreeMap<>(byMagic.thenComparing(frame -> FrameHeader.requestId(frame, 0)));
            for (int i = 0; i < firsts.size(); i++) {
                ordered.put(Unpooled.wrappedBuffer(firsts.get(i)), values.get(i));
            }
            List<String> lines = new ArrayList<>();
            ordered.forEach((frame, value) -> lines.add(text(frame, 0, value, numbers)));
            return lines;
        }
    }

    private static String text(ByteBuf frame, int offset, ByteBuf value, List<Long> numbers) {
        StringBuilder text = new StringBuilder();
        text.append(Integer.toHexString(FrameHeader.magic(frame, offset)));
        text.append(" version ").append(FrameHeader.version(frame, offset));
        text.append(" id ").append(Integer.toUnsignedString(FrameHeader.requestId(frame, offset)));
        text.append(" opcode ").append(FrameHeader.opcode(frame, offset));
        text.append(" status ").append(Status.of(FrameHeader.status(frame, offset)));
        text.append(" region ").append(FrameHeader.regionId(frame, offset));
        Extensions extensions = extensionsOf(frame, offset);
        while (extensions.next() == Extensions.Step.ENTRY) {
            text.append(' ').append(extensions.type()).append('=');
            text.append(extensionText(frame, extensions, numbers));
        }
        int keyOffset = FrameHeader.keyOffset(frame, offset);
        int keyBytes = FrameHeader.keyBytes(frame, offset);
        text.append(" key ").append(ByteBufUtil.hexDump(frame, keyOffset, keyBytes));
        return text.append(" value ").append(valueText(frame, offset, value, numbers)).toString();
    }

    private static String extensionText(ByteBuf frame, Extensions entry, List<Long> numbers) {
        return switch (entry.type()) {
            case VERSION, LEASE -> {
                numbers.add(entry.longValue());
                yield "a number";
            }
            case EXPIRES_IN, SOFT_EXPIRES_IN -> entry.longValue() == -1 ? "never" : "some time";
            case RETRY_AFTER -> "some time";
            default -> ByteBufUtil.hexDump(frame, entry.valueOffset(), entry.valueLength());
        };
    }

    private static String valueText(ByteBuf frame, int offset, ByteBuf value, List<Long> numbers) {
        int opcode = FrameHeader.opcode(frame, offset);
        int status = FrameHeader.status(frame, offset);
        int bytes = value.readableBytes();
        if (!Status.isOk(status) || opcode == Opcode.STATS.code()) {
            return bytes == 0 ? "none" : "text";
        }
        if (opcode == Opcode.HELLO.code()) {
            HelloResponse hello = HelloResponse.read(value, 0, bytes);
            return hello.version() + " " + hello.limits() + " " + hello.features();
        }
        if (opcode == Opcode.SCAN.code()) {
            ScanReply scan = ScanReply.read(value, 0, bytes);
            List<String> keys = new ArrayList<>();
            scan.keys().forEach(key -> keys.add(ByteBufUtil.hexDump(key)));
            keys.sort(null);
            return (scan.cursor() == 0 ? "all " : "some ") + keys;
        }
        if (opcode == Opcode.BATCH.code()) {
            List<String> inner = new ArrayList<>();
            for (int at = 0; at < bytes; at += (int) FrameHeader.frameBytes(value, at)) {
                int start = FrameHeader.valueOffset(value, at);
                ByteBuf part = value.slice(start, FrameHeader.valueBytes(value, at));
                inner.add(text(value, at, part, numbers));
            }
            return inner.toString();
        }
        return ByteBufUtil.hexDump(value);
    }
}
