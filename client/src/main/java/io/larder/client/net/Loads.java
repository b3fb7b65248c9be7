package io.larder.client.net;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.larder.client.api.AsyncLoader;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.Loader;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.StoredValue;
import io.larder.client.api.TooManyRequestsException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The loads of one client: one at a time for a key, shared by all who want it, and the threads that
 * run loaders nobody else runs. Any thread. Whoever makes it closes it.
 */
/*
 * A load is in `running` from its first question until its value is out; who comes in between
 * joins it. Who changes a key by this client takes its load out (forget): those who joined are
 * given what it loads, since their calls and the change overlap, but who calls after the change was
 * begun begins a load of his own, and so never sees what was loaded before it. The server does the
 * same for other programs: the change ends the lease, and the fill of the old load is refused.
 */
final class Loads implements AutoCloseable {
    private static final int THREADS_MAX = 32;
    private static final int QUEUED_MAX = 10_000;
    private static final long PLAIN_NANOS = SECONDS.toNanos(10);
    private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

    private record Id(String region, ByteBuffer key) {}

    private final ConcurrentMap<Id, Load> running = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;
    private final long waitMillisMax;
    private volatile long plainUntilNanos = System.nanoTime();

    /**
     * @param silenceTimeoutMillis after which a connection that says nothing is given up: no
     *     question may keep it silent for so long
     */
    Loads(long silenceTimeoutMillis) {
        this.waitMillisMax = Math.max(1, silenceTimeoutMillis / 2);
        this.threads =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        10,
                        SECONDS,
                        new LinkedBlockingQueue<>(QUEUED_MAX),
                        Loads::newThread);
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "larder-loader-" + THREAD_NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** What runs the loaders of these options where no caller's thread does. */
    Executor executorOf(LoadOptions options) {
        Executor own = options.executor();
        return own == null ? threads : own;
    }

    /** The longest that the server is asked to keep a question. */
    long waitMillisMax() {
        return waitMillisMax;
    }

    /** Whether leases are not asked for, as the server has none. */
    boolean asksPlainly() {
        return plainUntilNanos - System.nanoTime() > 0;
    }

    /** The server has no leases: it is asked for them again after a while. */
    void askPlainlyForAWhile() {
        plainUntilNanos = System.nanoTime() + PLAIN_NANOS;
    }

    /** Runs a short task later, on a thread that must not be blocked. */
    void schedule(Runnable task, long millis) {
        CompletableFuture.delayedExecutor(millis, MILLISECONDS, Runnable::run).execute(task);
    }

    /** What runs the loaders that nobody waits for. */
    Executor backgroundOf(LoadOptions options) {
        Executor runner = executorOf(options);
        return runner instanceof CallingThread waiting ? waiting.afterwards() : runner;
    }

    /** The key's value, loaded if need be. */
    CompletableFuture<Optional<StoredValue>> load(
            RemoteAsyncCache cache,
            Admission admission,
            byte[] key,
            LoadOptions options,
            Loader<byte[], StoredValue> loader) {
        return load(cache, admission, key, options, (load, token) -> run(load, token, loader));
    }

    /** The same with a loader that holds no thread. */
    CompletableFuture<Optional<StoredValue>> loadAsync(
            RemoteAsyncCache cache,
            Admission admission,
            byte[] key,
            LoadOptions options,
            AsyncLoader<byte[], StoredValue> loader) {
        return load(cache, admission, key, options, (load, token) -> begin(load, token, loader));
    }

    private CompletableFuture<Optional<StoredValue>> load(
            RemoteAsyncCache cache,
            Admission admission,
            byte[] key,
            LoadOptions options,
            ObjLongConsumer<Load> runner) {
        Load.Loading loading =
                (load, token, inBackground) ->
                        runOn(
                                inBackground ? backgroundOf(options) : executorOf(options),
                                () -> runner.accept(load, token),
                                refusal -> load.failed(refusal, token));
        return join(new Load(this, cache, key.clone(), options, loading), admission, true);
    }

    private static void begin(Load load, long token, AsyncLoader<byte[], StoredValue> loader) {
        CompletableFuture<Optional<StoredValue>> loading;
        try {
            loading = Objects.requireNonNull(loader.load(load.key.clone()), "the loader's future");
        } catch (Throwable e) {
            load.failed(e, token);
            return;
        }
        var unused =
                loading.whenComplete(
                        (value, failure) -> {
                            if (failure != null) {
                                load.failed(causeOf(failure), token);
                            } else if (value == null) {
                                load.failed(nullValue(), token);
                            } else {
                                load.loaded(value, token);
                            }
                        });
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    private static void run(Load load, long token, Loader<byte[], StoredValue> loader) {
        Optional<StoredValue> value;
        try {
            value = loader.load(load.key.clone());
        } catch (Throwable e) {
            restoreInterrupt(e);
            load.failed(e, token);
            return;
        }
        if (value == null) {
            load.failed(nullValue(), token);
        } else {
            load.loaded(value, token);
        }
    }

    static NullPointerException nullValue() {
        return new NullPointerException("loader: null (expected: a value, or an empty Optional)");
    }

    static void restoreInterrupt(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    static void runOn(Executor executor, Runnable task, Consumer<Throwable> onRefusal) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            onRefusal.accept(
                    new TooManyRequestsException("loader: its executor takes no more: " + e));
        }
    }

    /** Begins a load, unless one of the key is running: that one's value will do. */
    CompletableFuture<Optional<StoredValue>> join(
            Load fresh, Admission admission, boolean mayWait) {
        Load present = running.putIfAbsent(idOf(fresh), fresh);
        if (present != null) {
            return shared(fresh, present);
        }
        CompletableFuture<Optional<StoredValue>> own = callersFuture(fresh);
        fresh.start(admission, mayWait);
        return own;
    }

    private static Id idOf(Load load) {
        return new Id(load.region(), ByteBuffer.wrap(load.key));
    }

    /** The outcome of another call's load, for which this one's time holds, and not that one's. */
    private CompletableFuture<Optional<StoredValue>> shared(Load fresh, Load present) {
        CompletableFuture<Optional<StoredValue>> own = new CompletableFuture<>();
        var unused =
                present.result.whenComplete(
                        (value, failure) -> {
                            if (failure == null) {
                                own.complete(value.map(Loads::copy));
                            } else if (isTimeout(failure) && fresh.millisLeft() > 0) {
                                joinAgain(fresh, own);
                            } else {
                                own.completeExceptionally(failure);
                            }
                        });
        return bounded(own, fresh);
    }

    private void joinAgain(Load fresh, CompletableFuture<Optional<StoredValue>> own) {
        var unused =
                join(fresh, Admission.CONTINUE, true)
                        .whenComplete((value, failure) -> hand(own, value, failure));
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof RequestTimeoutException;
    }

    private static StoredValue copy(StoredValue value) {
        return new StoredValue(value.bytes().clone(), value.format());
    }

    private CompletableFuture<Optional<StoredValue>> callersFuture(Load load) {
        CompletableFuture<Optional<StoredValue>> own = new CompletableFuture<>();
        var unused = load.result.whenComplete((value, failure) -> hand(own, value, failure));
        return own;
    }

    @SuppressWarnings("NullAway") // there is a value if there is no failure
    private static <T> void hand(
            CompletableFuture<T> to, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            to.complete(value);
        } else {
            to.completeExceptionally(failure);
        }
    }

    /** The same future, but failed when the load's own time is over. */
    private static CompletableFuture<Optional<StoredValue>> bounded(
            CompletableFuture<Optional<StoredValue>> inner, Load load) {
        CompletableFuture<Optional<StoredValue>> own = new CompletableFuture<>();
        var timed = inner.orTimeout(Math.max(1, load.millisLeft()), MILLISECONDS);
        var unused =
                timed.whenComplete(
                        (value, failure) ->
                                hand(
                                        own,
                                        value,
                                        failure instanceof TimeoutException
                                                ? load.timeout()
                                                : failure));
        return own;
    }

    /** The value of a load is out, or there will be none. */
    void end(Load load) {
        running.remove(idOf(load), load);
    }

    /** The key is being changed by this client: who asks for it from now on joins no load. */
    void forget(String region, byte[] bytes, int keyBytes) {
        if (!running.isEmpty()) {
            running.remove(new Id(region, ByteBuffer.wrap(bytes, 0, keyBytes)));
        }
    }

    /** The same for all keys of a region. */
    void forgetAll(String region) {
        running.keySet().removeIf(id -> id.region().equals(region));
    }

    /** Ends the threads, once their loaders have; takes no more. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
