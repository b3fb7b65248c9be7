package io.larder.bench.ycsb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.BytesCache;
import io.larder.client.api.Entry;
import io.larder.client.api.LarderException;
import io.larder.client.api.ScanPage;
import io.larder.client.api.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Vector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import site.ycsb.ByteArrayByteIterator;
import site.ycsb.ByteIterator;
import site.ycsb.DB;
import site.ycsb.DBException;
import site.ycsb.Status;

/**
 * YCSB's binding to Larder: one record is one item, its key YCSB's key, its value the fields (see
 * {@link RecordCodec}). The table's name is not stored: one table for each region. YCSB makes an
 * instance for each of its threads; they share one client.
 *
 * <p>A miss is {@link Status#NOT_FOUND}; whatever else goes wrong is {@link Status#ERROR}, and the
 * first such failure of each thread is logged. {@link YcsbProperties} lists the properties.
 */
public class LarderYcsbClient extends DB {
    private static final Logger LOG = LoggerFactory.getLogger(LarderYcsbClient.class);

    /** How often an update starts over because others came between its read and its write. */
    private static final int UPDATE_ATTEMPTS_MAX = 1_000;

    private static final byte[] ANY_PREFIX = {};

    private @Nullable BytesCache cache; // null before init and after cleanup
    private boolean hasLogged;

    @Override
    public void init() throws DBException {
        try {
            cache = SharedClient.acquire(YcsbProperties.of(getProperties()));
        } catch (LarderException | IllegalArgumentException e) {
            throw new DBException(e);
        }
    }

    @Override
    public void cleanup() {
        if (cache != null) {
            cache = null;
            SharedClient.release();
        }
    }

    private BytesCache cache() {
        BytesCache present = cache;
        if (present == null) {
            throw new IllegalStateException("not initialized (expected: between init and cleanup)");
        }
        return present;
    }

    @Override
    public Status read(
            String table,
            String key,
            @Nullable Set<String> fields,
            Map<String, ByteIterator> result) {
        try {
            Optional<byte[]> record = cache().get(key.getBytes(UTF_8));
            if (record.isEmpty()) {
                return Status.NOT_FOUND;
            }
            putFields(record.get(), fields, result);
            return Status.OK;
        } catch (LarderException | IllegalArgumentException e) {
            return error("read", key, e);
        }
    }

    @Override
    public Status insert(String table, String key, Map<String, ByteIterator> values) {
        try {
            byte[] record = RecordCodec.encode(drain(values));
            WriteResult result = cache().put(key.getBytes(UTF_8), record);
            return result.isApplied() ? Status.OK : error("insert", key, result);
        } catch (LarderException | IllegalArgumentException e) {
            return error("insert", key, e);
        }
    }

    /** Replaces the given fields and keeps the others: reads, then compares and sets. */
    @Override
    public Status update(String table, String key, Map<String, ByteIterator> values) {
        byte[] keyBytes = key.getBytes(UTF_8);
        try {
            Map<String, byte[]> changes = drain(values);
            for (int attempt = 0; attempt < UPDATE_ATTEMPTS_MAX; attempt++) {
                Optional<Entry<byte[]>> found = cache().getEntry(keyBytes);
                if (found.isEmpty()) {
                    return Status.NOT_FOUND;
                }
                Map<String, byte[]> fields = RecordCodec.decode(found.get().value());
                fields.putAll(changes);
                byte[] record = RecordCodec.encode(fields);
                WriteResult result = cache().compareAndSet(keyBytes, found.get().version(), record);
                if (result.isApplied()) {
                    return Status.OK;
                }
                if (result.outcome() == WriteResult.Outcome.MISSING) {
                    return Status.NOT_FOUND;
                }
                if (result.outcome() != WriteResult.Outcome.VERSION_MISMATCH) {
                    return error("update", key, result);
                }
            }
            return error("update", key, UPDATE_ATTEMPTS_MAX + " attempts, all overtaken");
        } catch (LarderException | IllegalArgumentException e) {
            return error("update", key, e);
        }
    }

    @Override
    public Status delete(String table, String key) {
        try {
            return cache().delete(key.getBytes(UTF_8)) ? Status.OK : Status.NOT_FOUND;
        } catch (LarderException | IllegalArgumentException e) {
            return error("delete", key, e);
        }
    }

    /**
     * Reads records from the start key's place on, in the order in which the server keeps them:
     * that of hashes. As many records as a range scan would read, but no range of keys. Behind the
     * last place there are none, so fewer than wanted may come. A record that goes between the scan
     * and its reading is left out.
     */
    @Override
    @SuppressWarnings({"JdkObsolete", "NonApiType"}) // YCSB's signature
    public Status scan(
            String table,
            String startKey,
            int recordCount,
            @Nullable Set<String> fields,
            Vector<HashMap<String, ByteIterator>> result) {
        try {
            List<byte[]> keys = keysFrom(startKey.getBytes(UTF_8), recordCount);
            for (Optional<byte[]> record : cache().getAll(keys)) {
                if (record.isPresent()) {
                    HashMap<String, ByteIterator> values = new HashMap<>();
                    putFields(record.get(), fields, values);
                    result.add(values);
                }
            }
            return Status.OK;
        } catch (LarderException | IllegalArgumentException e) {
            return error("scan", startKey, e);
        }
    }

    private List<byte[]> keysFrom(byte[] startKey, int recordCount) {
        ScanPage page = cache().scanFrom(startKey, ANY_PREFIX, recordCount);
        List<byte[]> keys = new ArrayList<>(page.keys());
        while (keys.size() < recordCount && !page.isLast()) {
            page = cache().scan(ANY_PREFIX, page.nextCursor(), recordCount - keys.size());
            keys.addAll(page.keys());
        }
        return keys.size() > recordCount ? keys.subList(0, recordCount) : keys;
    }

    /** Adds the record's fields that are asked for, all of them if none is named. */
    private static void putFields(
            byte[] record, @Nullable Set<String> fields, Map<String, ByteIterator> result) {
        RecordCodec.decode(record)
                .forEach(
                        (name, value) -> {
                            if (fields == null || fields.contains(name)) {
                                result.put(name, new ByteArrayByteIterator(value));
                            }
                        });
    }

    /** Reads the iterators, which can be read once only. */
    private static Map<String, byte[]> drain(Map<String, ByteIterator> values) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        values.forEach((name, value) -> fields.put(name, value.toArray()));
        return fields;
    }

    private Status error(String operation, String key, Object reason) {
        if (!hasLogged) {
            hasLogged = true;
            LOG.warn("{} {} failed, further failures are only counted: {}", operation, key, reason);
        }
        return Status.ERROR;
    }
}
