package io.larder.bench.ycsb;

import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one client of this JVM, which all of YCSB's threads share: connected by the first that
 * acquires it, closed by the last that releases it. All of them name the same server, as YCSB gives
 * each the same properties. Any thread.
 */
final class SharedClient {
    private static final Object LOCK = new Object();

    private static @Nullable Larder client; // guarded by LOCK
    private static int users; // guarded by LOCK

    private SharedClient() {}

    /** A view of the shared client. Locking: the first call connects under the lock. */
    static BytesCache acquire(YcsbProperties properties) {
        synchronized (LOCK) {
            Larder connected = client;
            if (connected == null) {
                connected = connect(properties);
                client = connected;
            }
            users++;
            return properties.region().isEmpty()
                    ? connected.cache()
                    : connected.cache(properties.region());
        }
    }

    private static Larder connect(YcsbProperties properties) {
        Duration timeout = Duration.ofMillis(properties.timeoutMillis());
        return Larder.builder(properties.uri())
                .requestTimeout(timeout)
                .silenceTimeout(timeout)
                .eventLoopThreads(properties.eventLoops())
                .clientName("larder-ycsb")
                .connect();
    }

    /**
     * To be called once for each {@link #acquire}. Locking: the last call closes under the lock.
     */
    static void release() {
        synchronized (LOCK) {
            users--;
            Larder connected = client;
            if (users == 0 && connected != null) {
                client = null;
                connected.close();
            }
        }
    }
}
