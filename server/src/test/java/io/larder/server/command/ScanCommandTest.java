package io.larder.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.ScanReply;
import io.larder.protocol.Status;
import io.larder.server.evict.Evictor;
import io.larder.server.memory.HeapMemory;
import io.larder.server.policy.Admission;
import io.larder.server.region.RegionTable;
import io.larder.server.store.HitSink;
import io.larder.server.store.Mutation;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.SpaceReclaimer;
import io.larder.server.store.StoreConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** SCAN on the store itself, whose order and cursors it shows. */
class ScanCommandTest {
    private static final StoreConfig CONFIG = new StoreConfig(4 << 20, 2, 1 << 16, 1, 2, 2);

    private final ShardedStore store =
            ShardedStore.open(
                    CONFIG,
                    HeapMemory::allocate,
                    () -> 1_000_000,
                    HitSink.FREQUENCY,
                    new NoReclaimer(),
                    shard ->
                            Evictor.policy(
                                    Admission.ofBudget(CONFIG.memoryBytes(), CONFIG.shards()),
                                    shard));
    private final CommandFixture fixture = new CommandFixture(store, CommandLimits.DEFAULT).greet();

    private static final class NoReclaimer implements SpaceReclaimer {
        @Override
        public void request(int shard) {}

        @Override
        public boolean help(int shard) {
            return false;
        }
    }

    @Test
    void emptyRegion_isOnePageOfNothing() {
        ScanReply reply = scan("", 0, 0, "");

        assertThat(reply.keys()).isEmpty();
        assertThat(reply.cursor()).isZero();
    }

    @Test
    void pages_holdEveryKeyOfTheRegion() throws Exception {
        List<String> keys = put("user:", 300, 0);
        int other = fixture.regions.open("other");
        put("elsewhere:", 50, other);

        assertThat(scanAll("", 0)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void count_isHowManyCome() {
        put("k", 100, 0);

        assertThat(scan("", 0, 7, "").keys()).hasSize(7);
        assertThat(scanAll("", 1)).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void moreThanAReplyHolds_comesInSeveral() {
        put("k", 3000, 0);

        assertThat(scan("", 0, 0, "").keys()).hasSize(1024);
        assertThat(scan("", 0, -1, "").keys()).hasSize(1024);
        assertThat(scanAll("", 0)).hasSize(3000);
    }

    @Test
    void longKeys_endAReplyEarlier() {
        put("x".repeat(4000), 40, 0);

        assertThat(scan("", 0, 0, "").keys()).hasSize(9);
        assertThat(scanAll("", 0)).hasSize(40);
    }

    @Test
    void prefix_choosesKeys() {
        List<String> wanted = put("user:", 60, 0);
        put("session:", 200, 0);

        assertThat(scanAll("user:", 0)).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(scanAll("users", 0)).isEmpty();
    }

    @Test
    void startKey_isTheFirst() {
        put("k", 200, 0);
        List<String> order = scanAll("", 0);

        ScanReply reply = scan("", 0, 1024, order.get(90));

        assertThat(texts(reply)).isEqualTo(order.subList(90, 200));
        assertThat(scanAll("", 3)).isEqualTo(order);
    }

    @Test
    void startKeyThatIsNotThere_hasAPlace() {
        put("k", 200, 0);
        List<String> order = scanAll("", 0);

        List<String> found = texts(scan("", 0, 1024, "absent"));

        assertThat(order).endsWith(found.toArray(new String[0]));
    }

    @Test
    void startKeyWithACursor_isRefused() {
        assertThat(ask("", 5, 0, "k").text()).isEqualTo("cursor: 5 (expected: 0 with a start key)");
    }

    @Test
    void cursorOfAnotherServer_isRefused() {
        ReplyFrame reply = ask("", -1, 0, "");

        assertThat(reply.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(reply.text()).startsWith("cursor: 18446744073709551615 (expected: 0, or ");
    }

    @Test
    void valueThatIsTooShort_isRefused() {
        assertThat(fixture.send(RequestFrame.of(Opcode.SCAN, "user:")).status())
                .isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void keysThatAreTooLong_areRefused() {
        String tooLong = "x".repeat(4096);

        assertThat(ask(tooLong, 0, 0, "").status()).isEqualTo(Status.KEY_LENGTH);
        assertThat(ask("", 0, 0, tooLong).text())
                .isEqualTo("startKeyLength: 4096 (expected: 0..4095)");
    }

    @Test
    void clearedRegion_isEmpty() throws Exception {
        put("k", 50, 0);
        fixture.regions.clear(RegionTable.DEFAULT_ID);

        assertThat(scanAll("", 0)).isEmpty();
    }

    private List<String> put(String prefix, int count, int region) {
        List<String> keys = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
        Mutation mutation = new Mutation();
        for (String key : keys) {
            mutation.key.wrap(
                    store.hasher(), fixture.regions.space(region), key.getBytes(US_ASCII));
            store.put(mutation, fixture.nowMillis);
        }
        return keys;
    }

    private List<String> scanAll(String prefix, int count) {
        List<String> keys = new ArrayList<>();
        long cursor = 0;
        do {
            ScanReply reply = scan(prefix, cursor, count, "");
            keys.addAll(texts(reply));
            cursor = reply.cursor();
        } while (cursor != 0);
        return keys;
    }

    private ScanReply scan(String prefix, long cursor, int count, String startKey) {
        ReplyFrame reply = ask(prefix, cursor, count, startKey);
        assertThat(reply.status()).isEqualTo(Status.OK);
        byte[] value = reply.value();
        return ScanReply.read(Unpooled.wrappedBuffer(value), 0, value.length);
    }

    private ReplyFrame ask(String prefix, long cursor, int count, String startKey) {
        ByteBuf out = Unpooled.buffer();
        out.writeLong(cursor).writeInt(count).writeCharSequence(startKey, US_ASCII);
        return fixture.send(RequestFrame.of(Opcode.SCAN, prefix).value(ByteBufUtil.getBytes(out)));
    }

    private static List<String> texts(ScanReply reply) {
        return reply.keys().stream().map(key -> new String(key, US_ASCII)).toList();
    }
}
