package io.larder.client.jcache;

import io.larder.client.api.LarderOptions;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How a manager's caches connect, encode and wait: its properties, or else the system's of the same
 * names; {@link LarderCachingProvider} has them.
 *
 * @param codecs where codecs come from
 * @param degrades whether reads do without a server that is not there
 * @param requestTimeoutMillis of each call to the server
 * @param lockTimeoutMillis how long an operation waits for another one on the same key
 */
record ManagerSettings(
        CodecSource codecs, boolean degrades, long requestTimeoutMillis, long lockTimeoutMillis) {
    private static final String PREFIX = "larder.";
    private static final long LOCK_TIMEOUT_MILLIS = 30_000;
    private static final List<String> NAMES =
            List.of(
                    LarderCachingProvider.CODECS,
                    LarderCachingProvider.WHEN_UNAVAILABLE,
                    LarderCachingProvider.REQUEST_TIMEOUT_MILLIS,
                    LarderCachingProvider.LOCK_TIMEOUT_MILLIS);

    /**
     * @param loader of the class that makes codecs
     * @throws IllegalArgumentException if a property of Larder's is unknown or wrong, naming it
     */
    static ManagerSettings of(Properties properties, ClassLoader loader) {
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX) && !NAMES.contains(name)) {
                throw new IllegalArgumentException(name + " (expected: one of " + NAMES + ")");
            }
        }
        return new ManagerSettings(
                codecs(value(properties, LarderCachingProvider.CODECS), loader),
                degrades(value(properties, LarderCachingProvider.WHEN_UNAVAILABLE)),
                millis(
                        properties,
                        LarderCachingProvider.REQUEST_TIMEOUT_MILLIS,
                        LarderOptions.DEFAULT.requestTimeoutMillis()),
                millis(properties, LarderCachingProvider.LOCK_TIMEOUT_MILLIS, LOCK_TIMEOUT_MILLIS));
    }

    private static @Nullable String value(Properties properties, String name) {
        return properties.getProperty(name, System.getProperty(name));
    }

    private static CodecSource codecs(@Nullable String className, ClassLoader loader) {
        if (className == null) {
            return new TypeCodecs();
        }
        try {
            return Class.forName(className, true, loader)
                    .asSubclass(CodecSource.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    LarderCachingProvider.CODECS
                            + ": "
                            + className
                            + " (expected: a CodecSource with a constructor without arguments)",
                    e);
        }
    }

    private static boolean degrades(@Nullable String text) {
        if (text == null || text.equals("fail")) {
            return false;
        }
        if (text.equals("degrade")) {
            return true;
        }
        throw new IllegalArgumentException(
                LarderCachingProvider.WHEN_UNAVAILABLE
                        + ": "
                        + text
                        + " (expected: fail or degrade)");
    }

    private static long millis(Properties properties, String name, long otherwise) {
        String text = value(properties, name);
        if (text == null) {
            return otherwise;
        }
        long millis;
        try {
            millis = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            millis = -1;
        }
        if (millis < 1 || millis > LarderOptions.TIMEOUT_MILLIS_MAX) {
            throw new IllegalArgumentException(
                    name
                            + ": "
                            + text
                            + " (expected: 1.."
                            + LarderOptions.TIMEOUT_MILLIS_MAX
                            + " milliseconds)");
        }
        return millis;
    }
}
