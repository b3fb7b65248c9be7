package io.larder.client.net;

import io.larder.client.api.BulkLoader;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.StoredValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call for many keys: each has a {@link Load}, and those that fall to this call at their first
 * question are loaded together. Started on the caller's thread, continued on others; used once.
 */
/*
 * A part of the keys at a time is asked for, without waiting at the server: what another program
 * loads is not to hold up what this one has to. The last to be answered, of those that this call
 * has begun, runs the loader for all that were granted. A load that is granted later, because the
 * other program has failed, is run by itself.
 */
final class LoadAll implements Load.Loading {
    /** Keys that are asked for, and loaded, at a time. */
    private static final int PART_KEYS = 1_024;

    private final Loads loads;
    private final RemoteAsyncCache cache;
    private final List<byte[]> keys;
    private final LoadOptions options;
    private final BulkLoader<byte[], StoredValue> loader;
    private final List<Optional<StoredValue>> values = new ArrayList<>();
    private final CompletableFuture<List<Optional<StoredValue>>> result = new CompletableFuture<>();

    private record Granted(Load load, long token) {}

    // Guarded by this; of the present part.
    private List<Granted> granted = new ArrayList<>();
    private int unanswered;

    /**
     * @param keys copied
     */
    LoadAll(
            Loads loads,
            RemoteAsyncCache cache,
            List<byte[]> keys,
            LoadOptions options,
            BulkLoader<byte[], StoredValue> loader) {
        this.loads = loads;
        this.cache = cache;
        this.keys = keys.stream().map(byte[]::clone).toList();
        this.options = options;
        this.loader = loader;
    }

    CompletableFuture<List<Optional<StoredValue>>> start(Admission admission) {
        nextPart(admission);
        return result;
    }

    private void nextPart(Admission admission) {
        int from = values.size();
        if (from == keys.size()) {
            result.complete(values);
            return;
        }
        List<byte[]> part = keys.subList(from, Math.min(keys.size(), from + PART_KEYS));
        List<CompletableFuture<Optional<StoredValue>>> asked = ask(part, admission);
        var unused =
                CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                        .whenComplete((nothing, failure) -> endPart(asked));
    }

    private List<CompletableFuture<Optional<StoredValue>>> ask(
            List<byte[]> part, Admission admission) {
        Map<ByteBuffer, CompletableFuture<Optional<StoredValue>>> byKey = new LinkedHashMap<>();
        List<CompletableFuture<Optional<StoredValue>>> asked = new ArrayList<>();
        expect(1); // until all are asked
        for (byte[] key : part) {
            ByteBuffer id = ByteBuffer.wrap(key);
            CompletableFuture<Optional<StoredValue>> present = byKey.get(id);
            StoredValue held = present == null ? cache.heldValue(key) : null;
            if (held != null) {
                present = CompletableFuture.completedFuture(Optional.of(held));
                byKey.put(id, present);
            } else if (present == null) {
                Load load = new Load(loads, cache, key, options, this);
                load.onFirstAnswer(this::answered);
                expect(1);
                present = loads.join(load, admission, false);
                if (!load.hasBegun()) {
                    answered(); // another call's load does it
                }
                byKey.put(id, present);
            }
            asked.add(present);
        }
        answered();
        return asked;
    }

    private synchronized void expect(int more) {
        unanswered += more;
    }

    private void answered() {
        List<Granted> together = null;
        synchronized (this) {
            if (--unanswered == 0) {
                together = granted;
                granted = new ArrayList<>();
            }
        }
        if (together != null && !together.isEmpty()) {
            run(together, loads.executorOf(options));
        }
    }

    @Override
    public void begin(Load load, long token, boolean inBackground) {
        Granted one = new Granted(load, token);
        synchronized (this) {
            if (!inBackground && unanswered > 0) {
                granted.add(one);
                return;
            }
        }
        run(List.of(one), inBackground ? loads.backgroundOf(options) : loads.executorOf(options));
    }

    private void run(List<Granted> together, Executor executor) {
        Loads.runOn(executor, () -> load(together), refusal -> fail(together, refusal));
    }

    private static void fail(List<Granted> together, Throwable cause) {
        together.forEach(it -> it.load().failed(cause, it.token()));
    }

    private void load(List<Granted> together) {
        List<byte[]> missing = together.stream().map(it -> it.load().key.clone()).toList();
        List<Optional<StoredValue>> loaded;
        try {
            loaded = loader.loadAll(missing);
            requireAll(loaded, missing.size());
        } catch (Throwable e) {
            Loads.restoreInterrupt(e);
            fail(together, e);
            return;
        }
        for (int i = 0; i < together.size(); i++) {
            together.get(i).load().loaded(loaded.get(i), together.get(i).token());
        }
    }

    private static void requireAll(@Nullable List<Optional<StoredValue>> loaded, int count) {
        if (loaded == null || loaded.size() != count) {
            throw new IllegalStateException(
                    "loader: "
                            + (loaded == null ? "null" : loaded.size() + " values")
                            + " (expected: "
                            + count
                            + ", one a key)");
        }
        for (Optional<StoredValue> value : loaded) {
            if (value == null) {
                throw Loads.nullValue();
            }
        }
    }

    private void endPart(List<CompletableFuture<Optional<StoredValue>>> asked) {
        for (CompletableFuture<Optional<StoredValue>> each : asked) {
            Throwable failure = failureOf(each);
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            values.add(each.join());
        }
        nextPart(Admission.CONTINUE);
    }

    private static @Nullable Throwable failureOf(CompletableFuture<?> done) {
        return done.handle((value, failure) -> failure).join();
    }
}
