package io.larder.server.tier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompactionOptionsFIFO;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** A {@link DiskLog} in RocksDB. */
/*
 * Names grow with time, and each is written once: files hold what was written one after the other,
 * and none is ever merged with another. FIFO compaction drops the oldest file when all are too long,
 * which is the whole of this tier's eviction. A name is looked for in the files whose range of names
 * it falls into: one, or a few where shards' stamps lie apart, so no filter is needed here; the
 * directory knows better than any what is there.
 *
 * Nothing is deleted one by one. What is void is not named by the directory, cannot be found, and
 * goes with its file. There is no log of writes either: what a crash loses was only a cache.
 *
 * A failed flush shows in a later write, or in the count of background errors: both are reported,
 * and whoever opened this begins anew with an empty directory.
 */
final class RocksLog implements DiskLog {
    private static final String BACKGROUND_ERRORS = "rocksdb.background-errors";
    private static final String FILE_BYTES = "rocksdb.total-sst-files-size";
    private static final int WRITE_BUFFERS = 2;
    private static final int STALL_TRIES_MAX = 2_000;
    private static final long STALL_MILLIS = 5;

    private final Options options;
    private final Cache cache;
    private final WriteOptions writeOptions;
    private final RocksDB db;

    /**
     * Opens the files in a directory.
     *
     * @throws IOException if they cannot be opened, or made
     */
    RocksLog(Path directory, TierConfig config) throws IOException {
        RocksDB.loadLibrary();
        cache = new LRUCache(config.cacheBytes());
        options = options(config, cache);
        writeOptions = new WriteOptions().setDisableWAL(true).setNoSlowdown(true);
        try {
            db = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            closeOptions();
            throw failure(e);
        }
    }

    private static Options options(TierConfig config, Cache cache) {
        long filesBytesMax = Math.max(config.fileBytes(), config.bytesMax() - config.fileBytes());
        return new Options()
                .setCreateIfMissing(true)
                .setCompactionStyle(CompactionStyle.FIFO)
                .setCompactionOptionsFIFO(
                        new CompactionOptionsFIFO().setMaxTableFilesSize(filesBytesMax))
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(config.fileBytes())
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setMaxOpenFiles(-1)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setTableFormatConfig(
                        new BlockBasedTableConfig()
                                .setBlockCache(cache)
                                .setCacheIndexAndFilterBlocks(true));
    }

    private static IOException failure(RocksDBException e) {
        return new IOException("rocksdb: " + e.getMessage(), e);
    }

    @Override
    public void write(List<Victim> victims) throws IOException {
        try (WriteBatch batch = new WriteBatch()) {
            for (Victim victim : victims) {
                batch.put(bytesOf(victim.name()), victim.item());
            }
            for (int tries = 1; !isWritten(batch); tries++) {
                if (tries == STALL_TRIES_MAX) {
                    throw new IOException("rocksdb: stalled");
                }
                pause();
            }
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    /** False while the write buffers are full and being written. */
    private boolean isWritten(WriteBatch batch) throws RocksDBException, IOException {
        if (db.getLongProperty(BACKGROUND_ERRORS) > 0) {
            throw new IOException("rocksdb: a file could not be written");
        }
        try {
            db.write(writeOptions, batch);
            return true;
        } catch (RocksDBException e) {
            Status status = e.getStatus();
            if (status != null && status.getCode() == Status.Code.Incomplete) {
                return false;
            }
            throw e;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(STALL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("rocksdb: interrupted while it stalled", e);
        }
    }

    @Override
    public byte @Nullable [] read(long name) throws IOException {
        try {
            return db.get(bytesOf(name));
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    /** Big-endian, so that names are in order. */
    private static byte[] bytesOf(long name) {
        return ByteBuffer.allocate(Long.BYTES).putLong(name).array();
    }

    @Override
    public void flush() throws IOException {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush);
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    @Override
    public long bytes() {
        try {
            return db.getLongProperty(FILE_BYTES);
        } catch (RocksDBException e) {
            return 0; // a figure for people; what is wrong shows elsewhere
        }
    }

    @Override
    public void close() {
        db.close();
        closeOptions();
    }

    private void closeOptions() {
        writeOptions.close();
        options.close();
        cache.close();
    }
}
