package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.BytesCache;
import io.larder.client.api.Codec;
import io.larder.client.api.IfChanged;
import io.larder.client.api.NotANumberException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.TooLargeException;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import io.larder.client.api.WriteResult.Outcome;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.GoldenVector;
import io.larder.protocol.GoldenVectors;
import io.larder.protocol.RequestFlag;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The exchanges that both sides have agreed on byte by byte: the client's requests are those of the
 * vectors, and it reads their replies rightly. Ids and deadlines are the client's own; it asks for
 * RETURN_META where a vector does not.
 */
@Timeout(30)
class GoldenExchangeTest {
    private static final byte[] K = "k".getBytes(UTF_8);
    private static final byte[] ABSENT = "absent".getBytes(UTF_8);

    private final List<Frame> requests = new CopyOnWriteArrayList<>();

    /** Plays the vectors' replies to what the client asks, and returns the requests it sent. */
    private void play(List<String> names, Consumer<Larder> calls) throws Exception {
        Script script =
                peer -> {
                    peer.read();
                    peer.write(GoldenVectors.load("hello").reply());
                    for (String name : names) {
                        Frame request = peer.read();
                        requests.add(request);
                        byte[] reply = GoldenVectors.load(name).reply();
                        Unpooled.wrappedBuffer(reply)
                                .setInt(FrameHeader.REQUEST_ID_OFFSET, request.id());
                        peer.write(reply);
                    }
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder =
                        Larder.builder(server.uri())
                                .requestTimeout(Duration.ofSeconds(10))
                                .busyRetriesMax(0)
                                .connect()) {
            calls.accept(larder);
        }
    }

    /** Plays one vector; the request has to be the vector's. */
    private void exchange(String name, Consumer<BytesCache> call) throws Exception {
        play(List.of(name), larder -> call.accept(larder.cache()));
        assertThat(comparable(requests.get(0).bytes()))
                .isEqualTo(comparable(GoldenVectors.load(name).request()));
    }

    /** Plays the reply of one vector to whatever the client asks. */
    private void reply(String name, Consumer<BytesCache> call) throws Exception {
        play(List.of(name), larder -> call.accept(larder.cache()));
    }

    private static String comparable(byte[] request) {
        ByteBuf frame = Unpooled.copiedBuffer(request);
        frame.setInt(FrameHeader.REQUEST_ID_OFFSET, 0);
        frame.setInt(FrameHeader.DEADLINE_OFFSET, 0);
        int flags = frame.getUnsignedShort(FrameHeader.FLAGS_OFFSET);
        frame.setShort(FrameHeader.FLAGS_OFFSET, flags & ~RequestFlag.RETURN_META);
        return ByteBufUtil.prettyHexDump(frame);
    }

    @Test
    void get() throws Exception {
        exchange("get_hit", cache -> assertThat(cache.get(K)).hasValue("v".getBytes(UTF_8)));
    }

    @Test
    void get_miss() throws Exception {
        exchange("get_miss", cache -> assertThat(cache.get(ABSENT)).isEmpty());
    }

    @Test
    void getEntry() throws Exception {
        reply(
                "get_meta",
                cache ->
                        assertThat(cache.getEntry(K))
                                .hasValueSatisfying(
                                        entry -> {
                                            assertThat(entry.value())
                                                    .isEqualTo("v".getBytes(UTF_8));
                                            assertThat(entry.version()).isEqualTo(0x0123456789ABL);
                                            assertThat(entry.clientFlags()).isEqualTo(0xCAFEBABE);
                                            assertThat(entry.format()).isEqualTo(0x21);
                                            assertThat(entry.expiresInMillis()).isEqualTo(1_500);
                                        }));
    }

    @Test
    void getIfChanged() throws Exception {
        exchange(
                "get_notModified",
                cache -> assertThat(cache.getIfChanged(K, 9)).isSameAs(IfChanged.unchanged()));
    }

    @Test
    void getAndTouch() throws Exception {
        exchange(
                "getAndTouch_hit",
                cache ->
                        assertThat(cache.getAndTouch(K, Ttl.of(Duration.ofMinutes(1))))
                                .isPresent());
    }

    @Test
    void put_withTtl() throws Exception {
        exchange(
                "set_ttl",
                cache ->
                        assertThat(
                                        cache.put(
                                                        K,
                                                        "v".getBytes(UTF_8),
                                                        PutOptions.DEFAULT.ttlMillis(1_500))
                                                .isApplied())
                                .isTrue());
    }

    @Test
    void put_returnsTheVersion() throws Exception {
        exchange(
                "set_returnMeta",
                cache ->
                        assertThat(cache.put(K, "v".getBytes(UTF_8)))
                                .isEqualTo(new WriteResult(Outcome.APPLIED, 11)));
    }

    @Test
    void put_onlyIfAbsent() throws Exception {
        exchange(
                "set_exists",
                cache ->
                        assertThat(
                                        cache.put(
                                                K,
                                                "w".getBytes(UTF_8),
                                                PutOptions.DEFAULT.onlyIfAbsent()))
                                .isEqualTo(WriteResult.EXISTS));
    }

    @Test
    void put_ifVersion_returnsTheVersionFound() throws Exception {
        reply(
                "set_versionMismatch",
                cache ->
                        assertThat(cache.compareAndSet(K, 9, K))
                                .isEqualTo(new WriteResult(Outcome.VERSION_MISMATCH, 10)));
    }

    @Test
    void put_notNewer_returnsTheVersionFound() throws Exception {
        exchange(
                "set_notNewer",
                cache ->
                        assertThat(cache.put(K, "w".getBytes(UTF_8), PutOptions.DEFAULT.ifNewer(5)))
                                .isEqualTo(new WriteResult(Outcome.NOT_NEWER, 5)));
    }

    @Test
    void put_withTags() throws Exception {
        exchange(
                "set_tags",
                cache ->
                        assertThat(
                                        cache.put(
                                                        K,
                                                        "v".getBytes(UTF_8),
                                                        PutOptions.DEFAULT.tags("red", "green"))
                                                .isApplied())
                                .isTrue());
    }

    @Test
    void putStored_carriesTheFormat() throws Exception {
        exchange(
                "set_format",
                cache ->
                        assertThat(
                                        cache.putStored(
                                                        K,
                                                        Codec.utf8().encode("v"),
                                                        PutOptions.DEFAULT)
                                                .isApplied())
                                .isTrue());
    }

    @Test
    void invalidateTag() throws Exception {
        exchange("clear_tag", cache -> cache.invalidateTag("red"));
    }

    @Test
    void invalidatePrefix() throws Exception {
        exchange("clear_prefix", cache -> cache.invalidatePrefix("user:".getBytes(UTF_8)));
    }

    @Test
    void delete() throws Exception {
        exchange("delete_ok", cache -> assertThat(cache.delete(K)).isTrue());
    }

    @Test
    void delete_miss() throws Exception {
        exchange("delete_miss", cache -> assertThat(cache.delete(K)).isFalse());
    }

    @Test
    void touch() throws Exception {
        exchange("touch_ok", cache -> assertThat(cache.touch(K, Ttl.REGION_DEFAULT)).isTrue());
    }

    @Test
    void append() throws Exception {
        exchange(
                "append_ok",
                cache -> assertThat(cache.append(K, "w".getBytes(UTF_8)).isApplied()).isTrue());
    }

    @Test
    void prepend_miss() throws Exception {
        exchange(
                "prepend_miss",
                cache ->
                        assertThat(cache.prepend(ABSENT, "u".getBytes(UTF_8)))
                                .isEqualTo(WriteResult.MISSING));
    }

    @Test
    void increment() throws Exception {
        exchange(
                "increment_new",
                cache -> assertThat(cache.increment("n", -3, 0, Ttl.REGION_DEFAULT)).isEqualTo(-3));
    }

    @Test
    void increment_notANumber() throws Exception {
        reply(
                "increment_notANumber",
                cache ->
                        assertThatThrownBy(() -> cache.increment(K, 1))
                                .isInstanceOf(NotANumberException.class)
                                .hasMessageContaining("value: v (expected: a decimal number)"));
    }

    @Test
    void tooLarge_namesTheLimit() throws Exception {
        reply(
                "error_tooLarge",
                cache ->
                        assertThatThrownBy(() -> cache.put(K, K))
                                .isInstanceOfSatisfying(
                                        TooLargeException.class,
                                        e -> assertThat(e.limitBytes()).isEqualTo(0x1013FF)));
    }

    @Test
    void busy_saysWhy() throws Exception {
        reply(
                "error_busy",
                cache ->
                        assertThatThrownBy(() -> cache.put(K, K))
                                .hasMessageContaining("free segments: 0 (expected: from 1)"));
    }

    @Test
    void openRegionAndClear() throws Exception {
        play(List.of("openRegion_ok", "clear_ok"), larder -> larder.cache("sessions").clear());

        assertThat(comparable(requests.get(0).bytes()))
                .isEqualTo(comparable(GoldenVectors.load("openRegion_ok").request()));
        assertThat(comparable(requests.get(1).bytes()))
                .isEqualTo(comparable(GoldenVectors.load("clear_ok").request()));
    }

    @Test
    void scan() throws Exception {
        exchange(
                "scan_page",
                cache ->
                        assertThat(cache.scan("user:".getBytes(UTF_8), 0, 2))
                                .satisfies(
                                        page -> {
                                            assertThat(page.keys())
                                                    .extracting(key -> new String(key, UTF_8))
                                                    .containsExactly("user:1", "user:2");
                                            assertThat(page.nextCursor())
                                                    .isEqualTo(0x8000_0000_0000_0001L);
                                            assertThat(page.isLast()).isFalse();
                                        }));
    }

    @Test
    void scanFrom() throws Exception {
        exchange(
                "scan_from",
                cache ->
                        assertThat(cache.scanFrom("user:2".getBytes(UTF_8), new byte[0], 0))
                                .satisfies(
                                        page -> {
                                            assertThat(page.keys())
                                                    .extracting(key -> new String(key, UTF_8))
                                                    .containsExactly("user:2");
                                            assertThat(page.isLast()).isTrue();
                                        }));
    }

    @Test
    void stats() throws Exception {
        play(
                List.of("stats_ok"),
                larder -> assertThat(larder.stats()).isEqualTo(Map.of("items", "3", "hits", "12")));
    }

    @Test
    void ping() throws Exception {
        GoldenVector ping = GoldenVectors.load("ping");
        play(List.of("ping"), larder -> assertThat(larder.ping()).isPositive());

        assertThat(comparable(requests.get(0).bytes())).isEqualTo(comparable(ping.request()));
    }
}
