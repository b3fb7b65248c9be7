package io.larder.server.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongFunction;

/**
 * Memory in a file that outlives the process that uses it, which is killed before a chosen store:
 * from then on every access throws, so that nothing which tidies up reaches the file. Of a bulk
 * store half is done. For one thread.
 */
public final class KillableMemory extends Memory {
    /** What a killed process ends with. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /**
     * The memory as a process finds it that comes after others: parts are asked for in the same
     * order always, and each is a file in {@code directory}, mapped anew.
     */
    public static LongFunction<Memory> in(Path directory, Process process) {
        int[] next = {0};
        return bytes -> {
            Path part = directory.resolve("part-" + next[0]++);
            try (FileChannel channel =
                    FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE)) {
                return new KillableMemory(process, FileMapping.map(channel, bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** One process: lives until it has done so many stores. */
    public static final class Process {
        private long storesLeft;
        private boolean isDead;

        /** A process that is killed before one more than {@code stores}. */
        public Process(long stores) {
            storesLeft = stores;
        }

        /** Lets it live for another {@code stores} stores. */
        public void liveFor(long stores) {
            storesLeft = stores;
        }

        private void access() {
            if (isDead) {
                throw new Killed();
            }
        }

        private boolean diesNow() {
            access();
            isDead = storesLeft-- == 0;
            return isDead;
        }

        private void store() {
            if (diesNow()) {
                throw new Killed();
            }
        }
    }

    private final Process process;
    private final Memory memory;

    private KillableMemory(Process process, Memory memory) {
        super(memory.bytes());
        this.process = process;
        this.memory = memory;
    }

    @Override
    public long getLong(long position) {
        process.access();
        return memory.getLong(position);
    }

    @Override
    public long getLongOpaque(long position) {
        process.access();
        return memory.getLongOpaque(position);
    }

    @Override
    public long getLongAcquire(long position) {
        process.access();
        return memory.getLongAcquire(position);
    }

    @Override
    public void putLong(long position, long value) {
        process.store();
        memory.putLong(position, value);
    }

    @Override
    public void putLongRelease(long position, long value) {
        process.store();
        memory.putLongRelease(position, value);
    }

    @Override
    public boolean compareAndSetLong(long position, long expected, long value) {
        process.store();
        return memory.compareAndSetLong(position, expected, value);
    }

    @Override
    public int getInt(long position) {
        process.access();
        return memory.getInt(position);
    }

    @Override
    public void putInt(long position, int value) {
        process.store();
        memory.putInt(position, value);
    }

    @Override
    public byte getByte(long position) {
        process.access();
        return memory.getByte(position);
    }

    @Override
    public boolean equalTo(long position, Slice slice) {
        process.access();
        return memory.equalTo(position, slice);
    }

    @Override
    public void copyIn(long position, Slice source) {
        if (process.diesNow()) {
            memory.copyIn(position, new Slice().wrap(source, 0, source.length() / 2));
            throw new Killed();
        }
        memory.copyIn(position, source);
    }

    @Override
    public void copyOut(long position, byte[] target, int targetOffset, int length) {
        process.access();
        memory.copyOut(position, target, targetOffset, length);
    }

    @Override
    public void copyOut(long position, long target, int length) {
        process.access();
        memory.copyOut(position, target, length);
    }

    @Override
    public void copy(long source, long target, long length) {
        if (process.diesNow()) {
            memory.copy(source, target, length / 16 * 8);
            throw new Killed();
        }
        memory.copy(source, target, length);
    }

    @Override
    public void zero(long position, long length) {
        if (process.diesNow()) {
            memory.zero(position, length / 16 * 8);
            throw new Killed();
        }
        memory.zero(position, length);
    }

    @Override
    public Slice wrap(long position, int length, Slice slice) {
        process.access();
        return memory.wrap(position, length, slice);
    }
}
