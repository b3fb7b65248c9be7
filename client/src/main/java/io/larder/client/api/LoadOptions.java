package io.larder.client.api;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How {@code getOrLoad} behaves. Immutable: each method returns another one, so options may be kept
 * in constants: {@code
 * LoadOptions.DEFAULT.ttl(Duration.ofMinutes(5)).softTtl(Duration.ofMinutes(1))
 * .negativeTtl(Duration.ofSeconds(10))}.
 *
 * @param storing how a loaded value is stored; without a condition
 * @param negativeTtl how long it is remembered that the origin has no value; null: not at all
 * @param leaseMillis how long a load may take before another caller begins one: from 1 to 300,000,
 *     default 10,000. A longer load gives its callers their value all the same
 * @param timeoutMillis how long a call may take, the wait for another program's load included, its
 *     own loader not: from 1 ms to 1 day, default 10,000
 * @param executor runs the loaders of calls that do not block, and reloads past the soft TTL; null:
 *     threads of the client. A blocking call's loader runs on its own thread
 */
public record LoadOptions(
        PutOptions storing,
        @Nullable Ttl negativeTtl,
        long leaseMillis,
        long timeoutMillis,
        @Nullable Executor executor) {

    /** The longest that a load may keep the others waiting, in milliseconds. */
    public static final long LEASE_MILLIS_MAX = 300_000;

    /** The region's default TTL, no soft one, nothing remembered of what the origin lacks. */
    public static final LoadOptions DEFAULT =
            new LoadOptions(PutOptions.DEFAULT, null, 10_000, 10_000, null);

    public LoadOptions {
        if (storing.condition() != PutOptions.Condition.ALWAYS) {
            throw new IllegalArgumentException(
                    "storing.condition: " + storing.condition() + " (expected: ALWAYS)");
        }
        requireRange("leaseMillis", leaseMillis, LEASE_MILLIS_MAX);
        requireRange("timeoutMillis", timeoutMillis, LarderOptions.TIMEOUT_MILLIS_MAX);
    }

    private static void requireRange(String name, long value, long max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1.." + max + ")");
        }
    }

    /** How a loaded value is stored: TTLs, tags, flags. */
    public LoadOptions storing(PutOptions newStoring) {
        return new LoadOptions(newStoring, negativeTtl, leaseMillis, timeoutMillis, executor);
    }

    /** After which a loaded value is gone. */
    public LoadOptions ttl(Duration ttl) {
        return storing(storing.ttl(ttl));
    }

    /** After which one caller loads the value anew, while all are given the old one. */
    public LoadOptions softTtl(Duration softTtl) {
        return storing(storing.softTtl(softTtl));
    }

    /** How long it is remembered that the origin has no value. */
    public LoadOptions negativeTtl(Duration ttl) {
        return new LoadOptions(storing, Ttl.of(ttl), leaseMillis, timeoutMillis, executor);
    }

    /** How long a load may take before another caller begins one. */
    public LoadOptions leaseTime(Duration time) {
        return new LoadOptions(storing, negativeTtl, time.toMillis(), timeoutMillis, executor);
    }

    /** How long a call may take. */
    public LoadOptions timeout(Duration timeout) {
        return new LoadOptions(storing, negativeTtl, leaseMillis, timeout.toMillis(), executor);
    }

    /** What runs loaders. */
    public LoadOptions executor(Executor newExecutor) {
        return new LoadOptions(storing, negativeTtl, leaseMillis, timeoutMillis, newExecutor);
    }
}
