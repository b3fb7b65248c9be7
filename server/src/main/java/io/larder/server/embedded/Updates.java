package io.larder.server.embedded;

import static java.util.Objects.requireNonNull;

import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.WriteStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations of {@link LarderMap} that run a program's function on entries in one step. */
final class Updates {
    private final RegionAccess region;

    Updates(RegionAccess region) {
        this.region = region;
    }

    byte @Nullable [] compute(byte[] key, Function<? super @Nullable Entry, Change> function) {
        Decision decision = decision(key, function);
        Carrier carrier = Carrier.take();
        try {
            region.isDone(update(carrier, key, decision), carrier.mutation);
            return decision.value();
        } finally {
            carrier.release();
        }
    }

    byte @Nullable [] alter(byte[] key, Function<? super Entry, Change> function) {
        Decision decision = decision(key, entry -> function.apply(requireNonNull(entry)));
        Carrier carrier = Carrier.take();
        try {
            carrier.mutation.presence = Presence.PRESENT;
            boolean isPresent = region.isDone(update(carrier, key, decision), carrier.mutation);
            return isPresent ? decision.value() : null;
        } finally {
            carrier.release();
        }
    }

    private Decision decision(byte[] key, Function<? super @Nullable Entry, Change> function) {
        return decision(List.of(key), entries -> List.of(function.apply(entries.get(0))));
    }

    private Decision decision(
            List<byte[]> keys, Function<? super List<@Nullable Entry>, List<Change>> function) {
        List<byte[]> copies = keys.stream().map(byte[]::clone).toList();
        return new Decision(copies, function, region::expiryMillis, region.clock.nowMillis());
    }

    private WriteStatus update(Carrier carrier, byte[] key, Decision decision) {
        region.wrap(carrier.mutation, key);
        return region.store.update(carrier.alone, decision.nowMillis(), decision);
    }

    void swap(byte[] left, byte[] right) {
        if (Arrays.equals(left, right)) {
            return;
        }
        updateAll(
                List.of(left, right),
                entries -> List.of(become(entries.get(1)), become(entries.get(0))));
    }

    private static Change become(@Nullable Entry other) {
        return other == null ? Change.remove() : Change.copyOf(other);
    }

    void updateAll(
            List<byte[]> keys, Function<? super List<@Nullable Entry>, List<Change>> function) {
        Mutation first = new Mutation();
        region.isDone(updateAll(keys, Mutation.UNLIMITED, function), first);
    }

    private WriteStatus updateAll(
            List<byte[]> keys,
            long lockNanosMax,
            Function<? super List<@Nullable Entry>, List<Change>> function) {
        Decision decision = decision(keys, function);
        Mutation[] mutations = new Mutation[keys.size()];
        for (int i = 0; i < mutations.length; i++) {
            mutations[i] = new Mutation();
            mutations[i].lockNanosMax = lockNanosMax;
            region.wrap(mutations[i], keys.get(i));
        }
        Carrier carrier = Carrier.take();
        try {
            return region.store.update(mutations, decision.nowMillis(), decision);
        } finally {
            carrier.release();
        }
    }

    Outcome tryCompute(
            byte[] key, Duration timeout, Function<? super @Nullable Entry, Change> function) {
        Decision decision = decision(key, function);
        Carrier carrier = Carrier.take();
        try {
            carrier.mutation.lockNanosMax = RegionAccess.nanos(timeout);
            return region.outcome(update(carrier, key, decision), carrier.mutation);
        } finally {
            carrier.release();
        }
    }

    Outcome tryUpdateAll(
            List<byte[]> keys,
            Duration timeout,
            Function<? super List<@Nullable Entry>, List<Change>> function) {
        return region.outcome(
                updateAll(keys, RegionAccess.nanos(timeout), function), new Mutation());
    }
}
