package io.larder.client.net;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.larder.client.api.CircuitOpenException;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.LoaderException;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ServerBusyException;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.client.api.UnsupportedByServerException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key on its way to a value: asked for, and loaded if nobody has it and nobody else loads it.
 * All callers of this client who want the key meanwhile share it. What happens to it happens on the
 * thread of the event that makes it happen, one after the other.
 */
/*
 *            value, negative                       loaded: value out, then fill or release
 *   ask -----------------------> done         +--------------------------------------------> done
 *    |  \                                     |
 *    |   +--- yours, or a plain miss ---> loading --- failed: exception out, release --------> done
 *    |
 *    +--- another's: the server keeps the request until that one is through, or its time is over;
 *    ^        |      then once more
 *    +--------+
 *    |
 *    +--- past its soft TTL and ours to reload: value out; then loading in the background
 *
 * Where the cache cannot be asked (no connection, no answer) the load is done all the same, without
 * a lease: one at a time in this program. Where the time is over because another program loads, the
 * call fails: loading as well is what leases are there to prevent.
 *
 * A lease that is used up or given back is told at once. If neither can be told, it ends with its
 * time, or with the connection.
 */
final class Load {
    /** Who runs the loader, for one key or for several together. */
    interface Loading {
        /**
         * The load is this one's to do: {@link Load#loaded} or {@link Load#failed} is to follow.
         *
         * @param token of the lease; {@link LeaseReply#NO_TOKEN} if there is none
         * @param inBackground whether nobody waits for it
         */
        void begin(Load load, long token, boolean inBackground);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Load.class);
    private static final int LOST_MAX = 2;
    private static final long REFRESH_AGAIN_MILLIS = 1_000;

    final byte[] key;
    final CompletableFuture<Optional<StoredValue>> result = new CompletableFuture<>();
    private final Loads loads;
    private final RemoteAsyncCache cache;
    private final LoadOptions options;
    private final Loading loading;
    private final long deadlineNanos;
    private Runnable onFirstAnswer = () -> {};
    private boolean hasBegun;
    private boolean isAnswered;
    private boolean isPlain; // asked without leases
    private int lost;

    /**
     * @param key not copied
     */
    Load(Loads loads, RemoteAsyncCache cache, byte[] key, LoadOptions options, Loading loading) {
        this.loads = loads;
        this.cache = cache;
        this.key = key;
        this.options = options;
        this.loading = loading;
        this.deadlineNanos = System.nanoTime() + MILLISECONDS.toNanos(options.timeoutMillis());
    }

    /** Has a task run once, when the first question has been answered. Before the load begins. */
    void onFirstAnswer(Runnable task) {
        onFirstAnswer = task;
    }

    /** Whether it has begun; if not, another call's load does for it. */
    boolean hasBegun() {
        return hasBegun;
    }

    String region() {
        return cache.region();
    }

    long millisLeft() {
        return NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    }

    LarderException timeout() {
        return new RequestTimeoutException(
                "no value within "
                        + options.timeoutMillis()
                        + " ms: the key is being loaded by another caller",
                false);
    }

    /**
     * Begins.
     *
     * @param mayWait whether the server may keep the first question while another program loads
     */
    void start(Admission admission, boolean mayWait) {
        hasBegun = true;
        ask(admission, mayWait);
    }

    private void ask(Admission admission, boolean mayWait) {
        long millisLeft = millisLeft();
        if (millisLeft < 1) {
            fail(timeout());
            answered();
            return;
        }
        isPlain = loads.asksPlainly();
        CompletableFuture<LeaseReply> asked =
                isPlain
                        ? cache.askPlainly(key, admission)
                        : cache.askForLease(
                                key,
                                options,
                                mayWait ? Math.min(millisLeft, loads.waitMillisMax()) : 0,
                                admission);
        var unused =
                asked.whenComplete(
                        (reply, failure) -> {
                            boolean isAnswer = failure == null || onFailure(failure);
                            if (failure == null) {
                                onReply(reply);
                            }
                            if (isAnswer) {
                                answered();
                            }
                        });
    }

    private void answered() {
        if (!isAnswered) {
            isAnswered = true;
            onFirstAnswer.run();
        }
    }

    private void onReply(LeaseReply reply) {
        switch (reply.kind()) {
            case VALUE -> finish(Optional.ofNullable(reply.value()));
            case NEGATIVE -> finish(Optional.empty());
            case YOURS, MISS -> loading.begin(this, reply.token(), false);
            case OTHERS -> later(reply.retryAfterMillis());
            case REFRESH -> {
                finish(Optional.ofNullable(reply.value()));
                loading.begin(this, reply.token(), true);
            }
        }
    }

    /** Comes again, at another time than all the others who were told the same. */
    private void later(int retryAfterMillis) {
        double jitter = 1 + ThreadLocalRandom.current().nextDouble() / 2;
        long millis = Math.max(1, (long) (Math.max(0, retryAfterMillis) * jitter));
        loads.schedule(() -> ask(Admission.CONTINUE, true), millis);
    }

    /** False if it is asked once more. */
    private boolean onFailure(Throwable failure) {
        boolean hasNoLeases = failure instanceof UnsupportedByServerException && !isPlain;
        if (hasNoLeases) {
            loads.askPlainlyForAWhile();
        }
        if (hasNoLeases || (failure instanceof ConnectionLostException && lost++ < LOST_MAX)) {
            ask(Admission.CONTINUE, true);
            return false;
        }
        if (failure instanceof NotConnectedException
                || failure instanceof CircuitOpenException
                || failure instanceof ConnectionLostException
                || failure instanceof RequestTimeoutException
                || failure instanceof ServerBusyException) {
            LOG.debug("loading without the cache", failure);
            loading.begin(this, LeaseReply.NO_TOKEN, false);
        } else {
            fail(failure);
        }
        return true;
    }

    /** The loader has answered. */
    void loaded(Optional<StoredValue> value, long token) {
        if (value.isPresent()) {
            store(value.get(), token);
        } else {
            storeAbsence(token);
        }
        finish(value);
    }

    private void store(StoredValue value, long token) {
        // Without a lease nobody knows what has come in between; what is there is not older.
        PutOptions put =
                token == LeaseReply.NO_TOKEN ? options.storing().onlyIfAbsent() : options.storing();
        var unused =
                cache.fill(key, value, put, token)
                        .whenComplete((stored, failure) -> onFilled(token, failure));
    }

    private void storeAbsence(long token) {
        Ttl ttl = options.negativeTtl();
        if (ttl == null || token == LeaseReply.NO_TOKEN) {
            release(token);
            return;
        }
        var unused =
                cache.fillNegative(key, ttl, token)
                        .whenComplete((stored, failure) -> onFilled(token, failure));
    }

    private void onFilled(long token, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("a loaded value was not stored", failure);
            release(token);
        }
    }

    /** The loader has failed. A reload that nobody waits for is not tried again at once. */
    void failed(Throwable cause, long token) {
        if (result.isDone()) {
            LOG.warn(
                    "a value past its soft TTL could not be loaded anew; the old one stays", cause);
            loads.schedule(() -> release(token), REFRESH_AGAIN_MILLIS);
            return;
        }
        release(token);
        fail(cause instanceof LarderException ? cause : new LoaderException("" + cause, cause));
    }

    private void release(long token) {
        if (token != LeaseReply.NO_TOKEN) {
            cache.release(key, token);
        }
    }

    private void finish(Optional<StoredValue> value) {
        loads.end(this);
        result.complete(value);
    }

    private void fail(Throwable failure) {
        loads.end(this);
        result.completeExceptionally(failure);
    }
}
