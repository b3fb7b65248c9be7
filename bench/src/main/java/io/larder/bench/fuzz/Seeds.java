package io.larder.bench.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Inputs that are right, of every protocol. */
final class Seeds {
    private static final String[] TEXT = {
        "set a 1 0 3\r\nabc\r\nget a b\r\n",
        "incr a 1\r\ndecr a 1\r\ntouch a 0\r\ngat 0 a\r\n",
        "add b 0 0 1 noreply\r\nx\r\ncas b 0 0 1 5\r\ny\r\ndelete b\r\nstats items\r\n",
        "append a 0 0 2\r\nde\r\nprepend a 0 0 0\r\n\r\nflush_all 0\r\nverbosity 1\r\n",
        "ms a 2 T9 F1 c\r\nab\r\nmg a s v t f c k O1 h l\r\nmd a I T30\r\nmg a R40\r\n",
        "mg YQ== b k v N30 c\r\nms YQ== 1 b C5 I E7\r\nx\r\nma n N0 J5 D2 v t c\r\nme a\r\nmn\r\n"
    };

    private static final String[] RESP = {
        "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$3\r\nabc\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n",
        "SETRANGE a 3 x\r\nMSETNX a 1 b 2\r\nSCAN 0 MATCH [a-z]*\r\nHELLO 3\r\n",
        "*5\r\n$4\r\nMSET\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\nINFO\r\n",
        "CLIENT TRACKING ON\r\nGETRANGE a 0 -1\r\nEXPIRE a 10 NX\r\nINCRBYFLOAT n 1.5\r\n"
    };

    private static final String[] ADMIN = {
        "ruok\nversion\nhelp\n",
        "json help ruok\n",
        "\"a \\x41 \\n\" b\nquit\n",
        "help \"version\"\n"
    };

    private static final String[] HTTP = {
        "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "HEAD /health?a=b HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
        "PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab\r\n"
    };

    private Seeds() {}

    static List<byte[]> of(String... texts) {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : texts) {
            seeds.add(text.getBytes(ISO_8859_1));
        }
        return seeds;
    }

    static List<byte[]> text() {
        return of(TEXT);
    }

    static List<byte[]> resp() {
        return of(RESP);
    }

    static List<byte[]> admin() {
        return of(ADMIN);
    }

    static List<byte[]> http() {
        return of(HTTP);
    }

    /** One request of memcached's binary protocol for each opcode. */
    static List<byte[]> binary() {
        List<byte[]> seeds = new ArrayList<>();
        for (int opcode = 0; opcode < 0x26; opcode++) {
            for (int extras : new int[] {0, 4, 8, 20}) {
                ByteBuf request = Unpooled.buffer();
                request.writeByte(0x80).writeByte(opcode).writeShort(1).writeByte(extras);
                request.writeZero(3).writeInt(extras + 1 + 3).writeZero(12 + extras);
                request.writeBytes("kabc".getBytes(ISO_8859_1));
                seeds.add(ByteBufUtil.getBytes(request));
            }
        }
        return seeds;
    }

    static byte[] hello() {
        ByteBuf frame = begin();
        HelloRequest.of("fuzz", List.of("pieces", "push", "leases", "cancel")).write(frame);
        return end(frame, Opcode.HELLO, 0, 0, 0);
    }

    /** A SET of one letter. */
    static byte[] set(String key) {
        return request(Opcode.SET, 0, key, "v", false);
    }

    /** A request of each opcode, plain and with all that it may have; rows of them; a batch. */
    static List<byte[]> frames() {
        List<byte[]> seeds = new ArrayList<>();
        for (Opcode opcode : Opcode.values()) {
            seeds.add(request(opcode, 0, "key", "", false));
            seeds.add(request(opcode, 0, "key", "12", true));
            seeds.add(request(opcode, opcode.allowedFlags(), "key", "value", true));
            seeds.add(request(opcode, 0, "", "\0\0\0\0\0\0\0\0\0\0\0\7", false));
        }
        seeds.add(request(Opcode.SET, RequestFlag.MORE, "key", "a piece", true));
        byte[] set = request(Opcode.SET, 0, "k", "v", false);
        byte[] get = request(Opcode.GET, RequestFlag.QUIET, "k", "", false);
        seeds.add(row(set, get, request(Opcode.NOOP, 0, "", "", false)));
        ByteBuf batch = begin();
        batch.writeBytes(row(set, get, set));
        seeds.add(end(batch, Opcode.BATCH, 0, 0, 0));
        return seeds;
    }

    private static byte[] row(byte[]... frames) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frames));
    }

    private static byte[] request(
            Opcode opcode, int flags, String key, String value, boolean isFull) {
        ByteBuf frame = begin();
        if (isFull) {
            Extensions.writeLong(frame, ExtensionType.TTL, 60_000);
            Extensions.writeLong(frame, ExtensionType.VERSION, 1);
            Extensions.writeLong(frame, ExtensionType.CALLER_VERSION, 7);
            Extensions.writeLong(frame, ExtensionType.VALUE_LENGTH, 300_000);
            Extensions.writeInt(frame, ExtensionType.WAIT_MILLIS, 0);
            Extensions.writeTags(frame, List.of("a tag", "b"));
        }
        int extensionBytes = frame.writerIndex() - ProtocolLimits.HEADER_BYTES;
        byte[] keyBytes = key.getBytes(UTF_8);
        frame.writeBytes(keyBytes).writeBytes(value.getBytes(UTF_8));
        return end(frame, opcode, flags, extensionBytes, keyBytes.length);
    }

    private static ByteBuf begin() {
        return Unpooled.buffer().writeZero(ProtocolLimits.HEADER_BYTES);
    }

    private static byte[] end(
            ByteBuf frame, Opcode opcode, int flags, int extensionBytes, int keyBytes) {
        int valueBytes =
                frame.writerIndex() - ProtocolLimits.HEADER_BYTES - extensionBytes - keyBytes;
        FrameHeader.putRequest(frame, 0, opcode.code(), flags, 7);
        FrameHeader.putLengths(frame, 0, extensionBytes, keyBytes, valueBytes);
        return ByteBufUtil.getBytes(frame);
    }
}
