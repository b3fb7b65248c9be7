package io.larder.client;

import static io.larder.protocol.ExtensionType.LEASE;
import static io.larder.protocol.ExtensionType.LEASE_TOKEN;
import static io.larder.protocol.ExtensionType.SOFT_TTL;
import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;
import static io.larder.protocol.RequestFlag.ALLOW_STALE;
import static io.larder.protocol.RequestFlag.LEASE_ON_MISS;
import static io.larder.protocol.RequestFlag.NEGATIVE;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static io.larder.protocol.RequestFlag.TRACK;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.BytesCache;
import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is said in the recorded sessions. One call follows the other, so that a recording has the
 * same frames each time. What the client does not say of itself is said by hand.
 */
final class SessionScripts {
    /** A session to be recorded, with a server of its own. */
    interface Script {
        void run(int port) throws IOException;
    }

    /** In the deadlines of the recording: no machine is too slow to replay it. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final byte[] NOTHING = new byte[0];

    private SessionScripts() {}

    /** All of them, by name, with what they are about. */
    static Map<String, Script> all() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        scripts.put("items", port -> withClient(port, SessionScripts::items));
        scripts.put("batch", port -> withClient(port, SessionScripts::batch));
        scripts.put("clears", port -> withClient(port, SessionScripts::clears));
        scripts.put("pieces", port -> withClient(port, SessionScripts::pieces));
        scripts.put("errors", SessionScripts::errors);
        scripts.put("leases", SessionScripts::leases);
        scripts.put("pushes", SessionScripts::pushes);
        return scripts;
    }

    private interface ClientScript {
        void run(Larder larder);
    }

    private static void withClient(int port, ClientScript script) {
        try (Larder larder =
                Larder.builder("larder://127.0.0.1:" + port)
                        .clientName("recorded")
                        .requestTimeout(PATIENCE)
                        .connect()) {
            script.run(larder);
        }
    }

    private static void items(Larder larder) {
        BytesCache cache = larder.cache("users");
        byte[] key = bytes("user:1");
        cache.get(key);
        cache.put(key, bytes("one"));
        cache.get(key);
        cache.getEntry(key);
        long version = cache.put(key, bytes("two"), PutOptions.DEFAULT.ttl(Ttl.NEVER)).version();
        cache.getIfChanged(key, version);
        cache.compareAndSet(key, version, bytes("three"));
        cache.compareAndSet(key, version, bytes("four"));
        cache.put(key, bytes("five"), PutOptions.DEFAULT.onlyIfAbsent());
        cache.put(bytes("none"), bytes("six"), PutOptions.DEFAULT.onlyIfPresent());
        cache.put(key, bytes("seven"), PutOptions.DEFAULT.ifNewer(5));
        cache.put(key, bytes("eight"), PutOptions.DEFAULT.ifNewer(5));
        cache.append(key, bytes("!"));
        cache.prepend(key, bytes("?"));
        cache.append(bytes("none"), bytes("!"));
        cache.getEntry(key);
        cache.touch(key, Ttl.ofMillis(3_600_000));
        cache.touch(bytes("none"), Ttl.NEVER);
        cache.getAndTouch(key, Ttl.NEVER);
        cache.increment(bytes("count"), 5);
        cache.increment(bytes("count"), 5, 100, Ttl.NEVER);
        cache.increment(bytes("count"), -7);
        cache.get(bytes("count"));
        cache.deleteIfVersion(key, version);
        cache.delete(key);
        cache.delete(key);
        larder.ping();
        larder.stats();
    }

    private static void batch(Larder larder) {
        BytesCache cache = larder.cache();
        List<byte[]> keys = List.of(bytes("a"), bytes("b"), bytes("c"));
        cache.getAll(keys);
        cache.putAll(
                keys,
                List.of(
                        StoredValue.raw(bytes("1")),
                        StoredValue.raw(bytes("2")),
                        StoredValue.raw(bytes("3"))),
                PutOptions.DEFAULT);
        cache.delete(bytes("b"));
        cache.getAll(keys);
    }

    private static void clears(Larder larder) {
        BytesCache cache = larder.cache("clears");
        cache.put(bytes("p:1"), bytes("1"), PutOptions.DEFAULT.tags("red", "blue"));
        cache.put(bytes("p:2"), bytes("2"), PutOptions.DEFAULT.tags("blue"));
        cache.put(bytes("q:1"), bytes("3"));
        cache.put(bytes("q:2"), bytes("4"));
        cache.scan(bytes("p:"), 0, 100);
        cache.scan(NOTHING, 0, 100);
        cache.scanFrom(bytes("p:1"), bytes("p:1"), 100);
        cache.invalidateTag("red");
        cache.get(bytes("p:1"));
        cache.get(bytes("p:2"));
        cache.invalidatePrefix(bytes("p:"));
        cache.get(bytes("p:2"));
        cache.get(bytes("q:1"));
        cache.clear();
        cache.get(bytes("q:1"));
        cache.scan(NOTHING, 0, 100);
    }

    private static void pieces(Larder larder) {
        BytesCache cache = larder.cache();
        byte[] value = "x".repeat(2_000_000).getBytes(UTF_8);
        cache.put(bytes("large"), value);
        cache.get(bytes("large"));
        cache.delete(bytes("large"));
    }

    private static void errors(int port) throws IOException {
        try (Hand hand = new Hand(port)) {
            hand.say(frame(0x7E, 0, NOTHING, "", "")); // no such opcode
            hand.say(frame(Opcode.GET, 0x8000, NOTHING, "k", "")); // no such flag
            hand.say(frame(Opcode.GET, 0, new byte[] {(byte) 0xFE, 0, 0}, "k", "")); // critical
            hand.say(frame(Opcode.GET, 0, new byte[] {0x7E, 0, 0}, "k", "")); // to be skipped
            hand.say(frame(Opcode.GET, 0, new byte[] {0x7E, 0, 9}, "k", "")); // too long
            hand.say(frame(Opcode.GET, 0, NOTHING, "", ""));
            hand.say(frame(Opcode.GET, 0, NOTHING, "k", "value"));
            hand.say(frame(Opcode.SET, 0, NOTHING, "k", "text"));
            hand.say(frame(Opcode.INCREMENT, 0, NOTHING, "k", ""));
            hand.say(frame(Opcode.SET, 0, NOTHING, "max", Long.toString(Long.MAX_VALUE)));
            hand.say(frame(Opcode.INCREMENT, 0, NOTHING, "max", ""));
            hand.say(frame(Opcode.OPEN_REGION, 0, NOTHING, "Not A Name", ""));
            hand.say(frame(Opcode.BATCH, 0, NOTHING, "", "no frame"));
            hand.say(frame(Opcode.SCAN, 0, NOTHING, "", "short"));
            hand.say(frame(Opcode.SYNC, 0, NOTHING, "", "")); // without the feature
            hand.say(frame(Opcode.GET, TRACK, NOTHING, "k", ""));
            hand.say(frame(Opcode.RELEASE, 0, NOTHING, "k", ""));
            hand.say(hello(List.of())); // a second one
            byte[] badMagic = frame(Opcode.PING, 0, NOTHING, "", "");
            badMagic[0] = 0x50;
            hand.say(badMagic);
        }
    }

    private static void leases(int port) throws IOException {
        try (Hand hand = new Hand(port, "leases")) {
            long first = hand.lease("k");
            hand.say(frame(Opcode.GET, LEASE_ON_MISS, NOTHING, "k", ""));
            hand.say(frame(Opcode.SET, RETURN_META, token(first), "k", "loaded"));
            hand.say(frame(Opcode.GET, LEASE_ON_MISS | RETURN_META, NOTHING, "k", ""));
            hand.say(frame(Opcode.SET, 0, token(first), "k", "late"));
            hand.say(frame(Opcode.DELETE, 0, NOTHING, "k", ""));
            long second = hand.lease("k");
            hand.say(frame(Opcode.DELETE, 0, NOTHING, "k", ""));
            hand.say(frame(Opcode.SET, 0, token(second), "k", "late"));
            long third = hand.lease("k");
            hand.say(frame(Opcode.RELEASE, 0, token(third), "k", ""));
            hand.say(frame(Opcode.RELEASE, 0, token(third), "k", ""));
            hand.say(frame(Opcode.SET, NEGATIVE, NOTHING, "k", ""));
            hand.say(frame(Opcode.GET, 0, NOTHING, "k", ""));
            byte[] softTtl = Frame.extension(SOFT_TTL, 3_600_000);
            hand.say(frame(Opcode.SET, 0, softTtl, "soft", "v"));
            hand.say(frame(Opcode.GET, ALLOW_STALE | RETURN_META, NOTHING, "soft", ""));
        }
    }

    private static void pushes(int port) throws IOException {
        try (Hand hand = new Hand(port, "push")) {
            hand.say(frame(Opcode.GET, TRACK, NOTHING, "k", ""));
            hand.say(frame(Opcode.SET, 0, NOTHING, "k", "v"), 2);
            hand.say(frame(Opcode.SET, 0, NOTHING, "k", "w"));
            hand.say(frame(Opcode.GET, TRACK, NOTHING, "k", ""));
            hand.say(frame(Opcode.DELETE, 0, NOTHING, "k", ""), 2);
            hand.say(frame(Opcode.SYNC, 0, NOTHING, "", ""));
            hand.say(frame(Opcode.CLEAR, 0, NOTHING, "", ""), 2);
            hand.say(frame(Opcode.SYNC, 0, NOTHING, "", ""));
        }
    }

    private static byte[] token(long token) {
        return Frame.extension(LEASE_TOKEN, token);
    }

    private static byte[] hello(List<String> features) {
        ByteBuf value = Unpooled.buffer();
        HelloRequest.of("by hand", features).write(value);
        return frame(Opcode.HELLO.code(), 0, NOTHING, NOTHING, ByteBufUtil.getBytes(value));
    }

    private static byte[] frame(
            Opcode opcode, int flags, byte[] extensions, String key, String value) {
        return frame(opcode.code(), flags, extensions, key, value);
    }

    private static byte[] frame(
            int opcode, int flags, byte[] extensions, String key, String value) {
        return frame(opcode, flags, extensions, bytes(key), bytes(value));
    }

    private static byte[] frame(
            int opcode, int flags, byte[] extensions, byte[] key, byte[] value) {
        ByteBuf frame = Unpooled.buffer();
        frame.ensureWritable(HEADER_BYTES).writerIndex(HEADER_BYTES);
        frame.writeBytes(extensions).writeBytes(key).writeBytes(value);
        FrameHeader.putRequest(frame, 0, opcode, flags, 0);
        FrameHeader.putLengths(frame, 0, extensions.length, key.length, value.length);
        return ByteBufUtil.getBytes(frame);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** A connection on which frames are said by hand, each with an id of its own. */
    private static final class Hand implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private int lastId;

        Hand(int port, String... features) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            in = new DataInputStream(socket.getInputStream());
            say(hello(List.of(features)));
        }

        byte[] say(byte[] frame) throws IOException {
            return say(frame, 1);
        }

        /** Says a frame and returns the last of so many that come back. */
        byte[] say(byte[] frame, int answers) throws IOException {
            Unpooled.wrappedBuffer(frame).setInt(FrameHeader.REQUEST_ID_OFFSET, ++lastId);
            socket.getOutputStream().write(frame);
            byte[] answer = NOTHING;
            for (int i = 0; i < answers; i++) {
                answer = RecordingProxy.readFrame(in);
            }
            return answer;
        }

        long lease(String key) throws IOException {
            byte[] answer = say(frame(Opcode.GET, LEASE_ON_MISS, NOTHING, key, ""));
            return new Frame(answer).extension(LEASE).orElseThrow();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
