package io.larder.client.jcache;

import io.larder.client.api.CircuitOpenException;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ServerBusyException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a manager's caches ask the server, and what becomes of a question without answer: a {@link
 * CacheException} with the client's as its cause; or, of a read of a manager that degrades, a miss
 * that is counted, and one line in the log for each time the server is away. Any thread.
 */
final class Availability {
    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);

    private final URI uri;
    private final boolean degrades;
    private final AtomicBoolean isAway = new AtomicBoolean();

    Availability(URI uri, boolean degrades) {
        this.uri = uri;
        this.degrades = degrades;
    }

    /**
     * @throws CacheException if the call fails
     */
    <T> T ask(Supplier<T> call) {
        try {
            return call.get();
        } catch (LarderException e) {
            throw new CacheException(e.getMessage(), e);
        }
    }

    /**
     * @param missing the answer of a server that is away, if this manager degrades
     * @throws CacheException if the call fails, and for another reason if it does
     */
    <T> T askOrMiss(Supplier<T> call, T missing, CacheStatistics statistics) {
        try {
            T answer = call.get();
            if (isAway.get() && isAway.compareAndSet(true, false)) {
                LOG.info("{}: answers again", uri);
            }
            return answer;
        } catch (LarderException e) {
            if (!degrades || !isAbsence(e)) {
                throw new CacheException(e.getMessage(), e);
            }
            statistics.readWithoutServer();
            sayAway(e);
            return missing;
        }
    }

    /** Logs that the server is away, once until it has answered. */
    void sayAway(LarderException reason) {
        if (!isAway.getAndSet(true)) {
            LOG.warn("{}: reads go on without the cache: {}", uri, reason.getMessage());
        }
    }

    private static boolean isAbsence(LarderException failure) {
        return failure instanceof NotConnectedException
                || failure instanceof CircuitOpenException
                || failure instanceof ConnectionLostException
                || failure instanceof RequestTimeoutException
                || failure instanceof ServerBusyException;
    }
}
