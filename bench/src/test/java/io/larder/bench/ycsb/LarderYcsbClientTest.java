package io.larder.bench.ycsb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.Larder;
import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.Vector;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import site.ycsb.ByteIterator;
import site.ycsb.DBException;
import site.ycsb.Status;
import site.ycsb.StringByteIterator;

@Timeout(60)
@Tag("slow")
class LarderYcsbClientTest {
    private static final String TABLE = "usertable";

    private static LarderServer server;
    private static String uri;

    private final LarderYcsbClient binding = new LarderYcsbClient();

    @BeforeAll
    static void startServer() throws Exception {
        server =
                LarderServer.start(
                        new ConfigurationLoader()
                                .define("listeners.data.port=0")
                                .define("listeners.admin.port=0")
                                .define("listeners.http.port=0")
                                .define("store.memory=16m")
                                .load());
        InetSocketAddress address = server.dataAddress();
        uri = "larder://127.0.0.1:" + address.getPort();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() throws DBException {
        init(binding, uri);
    }

    @AfterEach
    void disconnect() {
        binding.cleanup();
    }

    private static void init(LarderYcsbClient binding, String uri) throws DBException {
        Properties properties = new Properties();
        properties.setProperty(YcsbProperties.URI, uri);
        binding.setProperties(properties);
        binding.init();
    }

    @Test
    void read_afterInsert_givesAllFields() {
        assertThat(binding.insert(TABLE, "k1", fields("field0", "a", "field1", "b")))
                .isEqualTo(Status.OK);

        assertThat(read("k1", null))
                .containsOnly(Map.entry("field0", "a"), Map.entry("field1", "b"));
    }

    @Test
    void read_ofSomeFields_givesOnlyThese() {
        binding.insert(TABLE, "k2", fields("field0", "a", "field1", "b", "field2", "c"));

        assertThat(read("k2", Set.of("field1"))).containsOnly(Map.entry("field1", "b"));
    }

    @Test
    void read_ofNoRecord_isNotFound() {
        Map<String, ByteIterator> result = new HashMap<>();

        assertThat(binding.read(TABLE, "absent", null, result)).isEqualTo(Status.NOT_FOUND);
        assertThat(result).isEmpty();
    }

    @Test
    void insert_again_replacesTheRecord() {
        binding.insert(TABLE, "k3", fields("field0", "a", "field1", "b"));
        binding.insert(TABLE, "k3", fields("field0", "z"));

        assertThat(read("k3", null)).containsOnly(Map.entry("field0", "z"));
    }

    @Test
    void update_ofOneField_keepsTheOtherNine() {
        Map<String, ByteIterator> record = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            record.put("field" + i, new StringByteIterator("old" + i));
        }
        binding.insert(TABLE, "k4", record);

        assertThat(binding.update(TABLE, "k4", fields("field3", "new"))).isEqualTo(Status.OK);

        Map<String, String> found = read("k4", null);
        assertThat(found).hasSize(10).containsEntry("field3", "new");
        assertThat(found).containsEntry("field2", "old2").containsEntry("field9", "old9");
    }

    @Test
    void update_ofNoRecord_isNotFoundAndMakesNone() {
        assertThat(binding.update(TABLE, "k5", fields("field0", "a"))).isEqualTo(Status.NOT_FOUND);
        assertThat(binding.read(TABLE, "k5", null, new HashMap<>())).isEqualTo(Status.NOT_FOUND);
    }

    /** Each thread writes a field of its own: an update that overwrote another's would lose one. */
    @Test
    void update_ofManyThreads_losesNone() throws Exception {
        int threads = 4;
        int rounds = 200;
        binding.insert(
                TABLE, "k6", fields("field0", "-", "field1", "-", "field2", "-", "field3", "-"));
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Future<?>[] done = new Future<?>[threads];
            for (int thread = 0; thread < threads; thread++) {
                String field = "field" + thread;
                done[thread] = executor.submit(() -> updateAndCheck(field, rounds));
            }
            for (Future<?> each : done) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(read("k6", null).values()).hasSize(threads).containsOnly("" + (rounds - 1));
    }

    private void updateAndCheck(String field, int rounds) {
        for (int round = 0; round < rounds; round++) {
            Status status = binding.update(TABLE, "k6", fields(field, "" + round));
            assertThat(status).isEqualTo(Status.OK);
            assertThat(read("k6", null)).containsEntry(field, "" + round);
        }
    }

    @Test
    void delete_removesTheRecord_andIsNotFoundAgain() {
        binding.insert(TABLE, "k7", fields("field0", "a"));

        assertThat(binding.delete(TABLE, "k7")).isEqualTo(Status.OK);
        assertThat(binding.delete(TABLE, "k7")).isEqualTo(Status.NOT_FOUND);
        assertThat(binding.read(TABLE, "k7", null, new HashMap<>())).isEqualTo(Status.NOT_FOUND);
    }

    @Test
    void read_ofBytesThatAreNoRecord_isAnError() {
        try (Larder client = Larder.connect(uri)) {
            client.cache().putText("k8", "no record");
        }

        assertThat(binding.read(TABLE, "k8", null, new HashMap<>())).isEqualTo(Status.ERROR);
        assertThat(binding.update(TABLE, "k8", fields("field0", "a"))).isEqualTo(Status.ERROR);
        binding.delete(TABLE, "k8"); // no test's scan is to meet it
    }

    @Test
    void insert_ofMoreThanTheServerTakes_isAnError() {
        String large = "x".repeat(5 << 20); // a quarter of 16 MiB at most

        assertThat(binding.insert(TABLE, "k9", fields("field0", large))).isEqualTo(Status.ERROR);
    }

    @Test
    @SuppressWarnings("JdkObsolete") // YCSB's signature
    void scan_readsRecordsBeginningWithTheStartKeys() {
        for (int i = 0; i < 200; i++) {
            binding.insert(TABLE, "s" + i, fields("field0", "a" + i, "field1", "b"));
        }
        Vector<HashMap<String, ByteIterator>> records = new Vector<>();

        assertThat(binding.scan(TABLE, "s17", 1, Set.of("field0"), records)).isEqualTo(Status.OK);

        assertThat(records).hasSize(1);
        assertThat(records.get(0)).containsOnlyKeys("field0");
        assertThat(records.get(0).get("field0")).hasToString("a17");
    }

    @Test
    @SuppressWarnings("JdkObsolete") // YCSB's signature
    void scanFromAnyKey_neverReadsMoreThanAskedFor() {
        for (int i = 0; i < 50; i++) {
            binding.insert(TABLE, "s" + i, fields("field0", "a"));
        }
        int most = 0;
        for (int i = 0; i < 50; i++) {
            Vector<HashMap<String, ByteIterator>> records = new Vector<>();
            assertThat(binding.scan(TABLE, "s" + i, 20, null, records)).isEqualTo(Status.OK);
            most = Math.max(most, records.size());
        }

        assertThat(most).isEqualTo(20);
    }

    @Test
    void cleanup_ofOneBinding_leavesTheOthersConnected() throws DBException {
        LarderYcsbClient second = new LarderYcsbClient();
        init(second, uri);
        binding.insert(TABLE, "k10", fields("field0", "a"));

        second.cleanup();

        assertThat(read("k10", null)).containsEntry("field0", "a");
        assertThatThrownBy(() -> second.delete(TABLE, "k10"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void init_withAWrongUri_fails() {
        binding.cleanup(); // the last one: the next init connects
        LarderYcsbClient other = new LarderYcsbClient();

        assertThatThrownBy(() -> init(other, "http://127.0.0.1:1"))
                .isInstanceOf(DBException.class)
                .hasMessageContaining("http://127.0.0.1:1");
    }

    private Map<String, String> read(String key, Set<String> fields) {
        Map<String, ByteIterator> result = new HashMap<>();
        assertThat(binding.read(TABLE, key, fields, result)).isEqualTo(Status.OK);
        Map<String, String> texts = new HashMap<>();
        result.forEach((name, value) -> texts.put(name, new String(value.toArray(), UTF_8)));
        return texts;
    }

    private static Map<String, ByteIterator> fields(String... namesAndValues) {
        Map<String, ByteIterator> fields = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], new StringByteIterator(namesAndValues[i + 1]));
        }
        return fields;
    }
}
