package io.larder.server.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.agrona.BufferUtil;

/**
 * Maps files into memory: each as a whole and at one address, however long it is, since the store
 * adds positions to an address. Stateless; for any thread.
 *
 * <p>A mapping outlives its channel and ends when nothing can reach its memory any more. Up to 2
 * GiB it is made by the Java API there has always been; beyond, by that of Java 22, found by
 * reflection, or on Java 17 to 19 by what that older API itself stands on.
 */
public final class FileMapping {
    private static final int MAPPED_BY_SEGMENT_SINCE = 22;
    private static final int PROTECTION_READ_WRITE = 1;
    private static final Cleaner CLEANER = Cleaner.create();

    private FileMapping() {}

    /**
     * Maps the first {@code bytes} bytes of a file, which has them, for reading and writing; what
     * is written is the file's at once, whatever becomes of this process.
     *
     * @throws IOException if the system refuses, or this Java runtime has no way to map so much
     */
    public static OffHeapMemory map(FileChannel channel, long bytes) throws IOException {
        if (bytes <= Integer.MAX_VALUE) {
            MappedByteBuffer buffer = channel.map(MapMode.READ_WRITE, 0, bytes);
            return OffHeapMemory.mapped(BufferUtil.address(buffer), bytes, buffer);
        }
        try {
            return Runtime.version().feature() >= MAPPED_BY_SEGMENT_SINCE
                    ? mapSegment(channel, bytes)
                    : mapRaw(channel, bytes);
        } catch (InvocationTargetException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException(
                    "mapping "
                            + bytes
                            + " bytes needs Java 22 or later, or Java 17 with"
                            + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED: "
                            + e.getMessage(),
                    e);
        }
    }

    /** {@code channel.map(READ_WRITE, 0, bytes, Arena.ofAuto())}. */
    private static OffHeapMemory mapSegment(FileChannel channel, long bytes)
            throws ReflectiveOperationException {
        Class<?> arenaType = Class.forName("java.lang.foreign.Arena");
        Object arena = arenaType.getMethod("ofAuto").invoke(null);
        Object segment =
                FileChannel.class
                        .getMethod("map", MapMode.class, long.class, long.class, arenaType)
                        .invoke(channel, MapMode.READ_WRITE, 0L, bytes, arena);
        Class<?> segmentType = Class.forName("java.lang.foreign.MemorySegment");
        long address = (long) segmentType.getMethod("address").invoke(segment);
        return OffHeapMemory.mapped(address, bytes, segment);
    }

    private static OffHeapMemory mapRaw(FileChannel channel, long bytes)
            throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.nio.ch.FileChannelImpl");
        Method map =
                type.getDeclaredMethod("map0", int.class, long.class, long.class, boolean.class);
        Method unmap = type.getDeclaredMethod("unmap0", long.class, long.class);
        map.setAccessible(true);
        unmap.setAccessible(true);
        long address = (long) map.invoke(channel, PROTECTION_READ_WRITE, 0L, bytes, false);
        OffHeapMemory memory = OffHeapMemory.mapped(address, bytes, unmap);
        CLEANER.register(memory, () -> unmap(unmap, address, bytes));
        return memory;
    }

    private static void unmap(Method unmap, long address, long bytes) {
        try {
            unmap.invoke(null, address, bytes);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes buffers over memory that somebody else keeps: what {@link Checksum} sums up. */
    static final class Views {
        private static final MethodHandle NEW_VIEW = find();

        private Views() {}

        /** A buffer over {@code bytes} bytes at {@code address}, which does not own them. */
        static ByteBuffer of(long address, int bytes) {
            try {
                return (ByteBuffer) NEW_VIEW.invoke(address, bytes);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** The constructor that native code's buffers are made by; its length grew to a long. */
        private static MethodHandle find() {
            try {
                Class<?> type = Class.forName("java.nio.DirectByteBuffer");
                MethodHandles.Lookup lookup =
                        MethodHandles.privateLookupIn(type, MethodHandles.lookup());
                Class<?> lengthType = Runtime.version().feature() >= 21 ? long.class : int.class;
                return lookup.findConstructor(
                        type, MethodType.methodType(void.class, long.class, lengthType));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                        "summing up native memory needs"
                                + " --add-opens=java.base/java.nio=ALL-UNNAMED",
                        e);
            }
        }
    }
}
