package io.larder.client.spring;

import io.larder.client.api.CircuitOpenException;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ServerBusyException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a manager's questions that the server does not answer: they fail, or the program
 * goes on as if it had no cache, which is counted and said in the log once for each time that the
 * server is away. Any thread.
 */
final class Availability {
    private static final Logger LOG = LoggerFactory.getLogger(LarderCacheManager.class);

    private final boolean degrades;
    private final AtomicBoolean isAway = new AtomicBoolean();
    final LongAdder withoutServer = new LongAdder();

    Availability(boolean degrades) {
        this.degrades = degrades;
    }

    /** The call's answer, or another one if the server is away and that is borne. */
    <T> T orElse(Supplier<T> call, T otherwise) {
        try {
            T answer = call.get();
            answered();
            return answer;
        } catch (LarderException e) {
            if (!isBorne(e)) {
                throw e;
            }
            return otherwise;
        }
    }

    /** The server has answered. */
    void answered() {
        if (isAway.get() && isAway.compareAndSet(true, false)) {
            LOG.info("the cache answers again");
        }
    }

    /** Whether the program goes on after this failure; it is counted then. */
    boolean isBorne(Throwable failure) {
        if (!degrades || !isAbsence(failure)) {
            return false;
        }
        withoutServer.increment();
        if (!isAway.getAndSet(true)) {
            LOG.warn("going on without the cache: {}", failure.getMessage());
        }
        return true;
    }

    private static boolean isAbsence(Throwable failure) {
        return failure instanceof NotConnectedException
                || failure instanceof CircuitOpenException
                || failure instanceof ConnectionLostException
                || failure instanceof RequestTimeoutException
                || failure instanceof ServerBusyException;
    }
}
