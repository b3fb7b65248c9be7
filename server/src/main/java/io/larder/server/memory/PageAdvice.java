package io.larder.server.memory;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Linux's {@code madvise(2)}, where the Java runtime can call it: {@code java.lang.foreign} is
 * final from release 22 on, and found by reflection since this is compiled for older ones.
 * Elsewhere nothing happens. For any thread.
 */
final class PageAdvice {
    private static final int FOREIGN_FUNCTIONS_SINCE = 22;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final @Nullable MethodHandle MADVISE = find();

    private PageAdvice() {}

    /** Whether {@link #drop} does anything here. */
    static boolean isAvailable() {
        return MADVISE != null;
    }

    /**
     * Gives whole pages of private anonymous memory back to the system; they read as zeros then.
     * Says whether it did.
     */
    static boolean drop(long address, long bytes) {
        return advise(address, bytes, MADV_DONTNEED);
    }

    /**
     * Asks for huge pages where the system gives them on request, so that fewer reads wait for an
     * address to be translated. Says whether it may have them.
     */
    static boolean useHugePages(long address, long bytes) {
        return advise(address, bytes, MADV_HUGEPAGE);
    }

    private static boolean advise(long address, long bytes, int advice) {
        MethodHandle madvise = MADVISE;
        if (madvise == null) {
            return false;
        }
        try {
            return (int) madvise.invokeExact(address, bytes, advice) == 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable MethodHandle find() {
        if (Runtime.version().feature() < FOREIGN_FUNCTIONS_SINCE
                || !System.getProperty("os.name", "").startsWith("Linux")) {
            return null;
        }
        try {
            Class<?> linkerType = type("Linker");
            Object linker = linkerType.getMethod("nativeLinker").invoke(null);
            Object symbols = linkerType.getMethod("defaultLookup").invoke(linker);
            Optional<?> symbol =
                    (Optional<?>)
                            type("SymbolLookup")
                                    .getMethod("find", String.class)
                                    .invoke(symbols, "madvise");
            Object noOptions = Array.newInstance(type("Linker$Option"), 0);
            return (MethodHandle)
                    linkerType
                            .getMethod(
                                    "downcallHandle",
                                    type("MemorySegment"),
                                    type("FunctionDescriptor"),
                                    noOptions.getClass())
                            .invoke(linker, symbol.orElseThrow(), signature(), noOptions);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null; // native access is denied to this program, or the symbol is missing
        }
    }

    /**
     * {@code int madvise(void* address, size_t length, int advice)} where pointers have 64 bits.
     */
    private static Object signature() throws ReflectiveOperationException {
        Class<?> layoutType = type("MemoryLayout");
        Object intLayout = type("ValueLayout").getField("JAVA_INT").get(null);
        Object longLayout = type("ValueLayout").getField("JAVA_LONG").get(null);
        Object arguments = Array.newInstance(layoutType, 3);
        Array.set(arguments, 0, longLayout);
        Array.set(arguments, 1, longLayout);
        Array.set(arguments, 2, intLayout);
        return type("FunctionDescriptor")
                .getMethod("of", layoutType, arguments.getClass())
                .invoke(null, intLayout, arguments);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }
}
