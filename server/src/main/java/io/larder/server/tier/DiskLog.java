package io.larder.server.tier;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items on disk by name, the oldest of which go when there are too many bytes. Any thread reads;
 * one writes, and closes when nobody reads.
 */
interface DiskLog extends AutoCloseable {
    /** Makes one in a directory that is there and empty, or goes on with what is in it. */
    @FunctionalInterface
    interface Opener {
        DiskLog open() throws IOException;
    }

    /**
     * Writes items as one batch.
     *
     * @throws IOException if the files are of no use any more
     */
    void write(List<Victim> victims) throws IOException;

    /** The bytes of a name; null if it is not there, or not any more. */
    byte @Nullable [] read(long name) throws IOException;

    /** Has everything written so far survive the process. */
    void flush() throws IOException;

    /** Bytes of the files. */
    long bytes();

    @Override
    void close();
}
