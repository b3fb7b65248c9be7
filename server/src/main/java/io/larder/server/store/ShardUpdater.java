package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one shard whose new value depends on the old one: read, computed and published in
 * one hold of the lock. For any thread.
 */
final class ShardUpdater {
    private static final int NUMBER_BYTES_MAX = 20;
    private static final Slice EMPTY = Slice.of(new byte[0]);

    /** One attempt, under the lock, at a write whose conditions hold; BUSY for want of room. */
    private interface Step {
        WriteStatus attempt(ShardUpdater updater, Mutation mutation, long slotAt, long nowMillis);
    }

    private static final Step INCREMENT = ShardUpdater::increment;
    private static final Step APPEND = ShardUpdater::append;
    private static final Step PREPEND = ShardUpdater::prepend;
    private static final Step TOUCH = ShardUpdater::touch;

    private final WriteSteps steps;
    private final Shard shard;
    private final Memory memory;
    private final LargeAppender appender;

    // Under the lock.
    private final byte[] digits = new byte[NUMBER_BYTES_MAX];
    private final Slice digitsSlice = new Slice();

    ShardUpdater(WriteSteps steps) {
        this.steps = steps;
        this.shard = steps.shard;
        this.memory = steps.memory;
        this.appender = new LargeAppender(steps, steps.large);
    }

    /** Locking: the shard's lock; outside of it may reclaim a segment. */
    WriteStatus increment(Mutation mutation, long nowMillis) {
        return update(mutation, INCREMENT, nowMillis);
    }

    /** Locking: the shard's lock, also for the copy of the old value; may reclaim outside of it. */
    WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        WriteStatus status = update(mutation, atEnd ? APPEND : PREPEND, nowMillis);
        return status == WriteStatus.TOO_LARGE
                ? appender.append(mutation, atEnd, nowMillis)
                : status;
    }

    private WriteStatus update(Mutation mutation, Step step, long nowMillis) {
        long expiryMillis = mutation.expiryMillis;
        int clientFlags = mutation.clientFlags;
        long callerVersion = mutation.callerVersion;
        long softExpiryMillis = mutation.softExpiryMillis;
        int format = mutation.format;
        for (int helps = 0; ; helps++) {
            WriteStatus status;
            if (!steps.lock(mutation.lockNanosMax)) {
                return WriteStatus.TIMED_OUT;
            }
            try {
                long slotAt = shard.index.find(mutation.key);
                status = steps.decideOnPresent(mutation, slotAt, nowMillis);
                if (status == WriteStatus.DONE) {
                    status = step.attempt(this, mutation, slotAt, nowMillis);
                }
            } finally {
                steps.unlock();
            }
            if (status != WriteStatus.BUSY || !steps.madeRoom(helps)) {
                return status;
            }
            // What the attempt took over from an item that may be gone by the next.
            mutation.expiryMillis = expiryMillis;
            mutation.clientFlags = clientFlags;
            mutation.callerVersion = callerVersion;
            mutation.softExpiryMillis = softExpiryMillis;
            mutation.format = format;
            mutation.forgetKeptTags();
            mutation.number = 0;
        }
    }

    private WriteStatus increment(Mutation mutation, long slotAt, long nowMillis) {
        if (shard.hasValue(slotAt, nowMillis)) {
            ItemView item = steps.view(slotAt);
            int length = item.valueLength();
            if (length > NUMBER_BYTES_MAX) {
                return WriteStatus.NOT_A_NUMBER;
            }
            item.copyTo(digits, 0);
            if (!DecimalText.isLong(digits, length)) {
                return WriteStatus.NOT_A_NUMBER;
            }
            mutation.number = DecimalText.parse(digits, length);
            keepMetadata(mutation, item);
            if (mutation.keepExpiry) {
                mutation.expiryMillis = steps.keptExpiryMillis(mutation, item);
            }
        } else if (mutation.createIfAbsent) {
            mutation.number = mutation.initial;
        } else {
            return WriteStatus.MISSING;
        }
        long sum = mutation.number + mutation.delta;
        if (((mutation.number ^ sum) & (mutation.delta ^ sum)) < 0) {
            return WriteStatus.NUMBER_OVERFLOW;
        }
        mutation.number = sum;
        digitsSlice.wrap(digits, 0, DecimalText.format(sum, digits));
        return write(mutation, slotAt, digitsSlice, nowMillis);
    }

    static void keepMetadata(Mutation mutation, ItemView item) {
        mutation.clientFlags = item.clientFlags();
        if (!mutation.newCallerVersion) {
            mutation.callerVersion = item.callerVersion();
        }
        mutation.softExpiryMillis = item.softExpiryMillis();
        mutation.format = item.format();
        mutation.keepTags(item);
    }

    private WriteStatus write(Mutation mutation, long slotAt, Slice value, long nowMillis) {
        steps.limitIdling(mutation, nowMillis);
        int extensionBytes = steps.extensionBytes(mutation);
        if (!steps.fits(mutation, extensionBytes, value.length())) {
            return WriteStatus.TOO_LARGE;
        }
        int bytes =
                ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), value.length());
        long position =
                steps.reserve(mutation, slotAt, value.length(), bytes, extensionBytes, nowMillis);
        if (position < 0) {
            return WriteSteps.refused(position);
        }
        steps.fill(mutation, value, position, extensionBytes);
        steps.seal(position);
        steps.publish(mutation, position, slotAt, nowMillis, bytes);
        return WriteStatus.DONE;
    }

    private WriteStatus append(Mutation mutation, long slotAt, long nowMillis) {
        return extend(mutation, true, slotAt, nowMillis);
    }

    private WriteStatus prepend(Mutation mutation, long slotAt, long nowMillis) {
        return extend(mutation, false, slotAt, nowMillis);
    }

    /** TOO_LARGE if the outcome does not lie in one item. */
    private WriteStatus extend(Mutation mutation, boolean atEnd, long slotAt, long nowMillis) {
        if (!shard.hasValue(slotAt, nowMillis)) {
            return WriteStatus.MISSING;
        }
        ItemView old = steps.view(slotAt);
        keepMetadata(mutation, old);
        mutation.expiryMillis = steps.keptExpiryMillis(mutation, old);
        steps.limitIdling(mutation, nowMillis);
        int added = mutation.value.length();
        int extensionBytes = steps.extensionBytes(mutation);
        int valueLength = old.valueLength() + added;
        if (!steps.isInline(added)
                || !steps.isInline(valueLength)
                || !steps.fits(mutation, extensionBytes, valueLength)) {
            return WriteStatus.TOO_LARGE;
        }
        int keyLength = mutation.key.bytes().length();
        int bytes = ItemLayout.itemBytes(extensionBytes, keyLength, valueLength);
        long position =
                steps.reserve(mutation, slotAt, valueLength, bytes, extensionBytes, nowMillis);
        if (position < 0) {
            return WriteSteps.refused(position);
        }
        long valueAt = ItemLayout.keyPosition(position, extensionBytes) + keyLength;
        steps.fill(mutation, atEnd ? EMPTY : mutation.value, position, extensionBytes);
        old.copyWithin(atEnd ? valueAt : valueAt + added);
        if (atEnd) {
            memory.copyIn(valueAt + old.valueLength(), mutation.value);
        }
        steps.seal(position);
        steps.publish(mutation, position, slotAt, nowMillis, bytes);
        return WriteStatus.DONE;
    }

    /**
     * Gives an item another end of life: a touch where items also expire for want of use. Being
     * immutable, the item is written anew; its version stays. TOO_LARGE for one that cannot be: it
     * is to be touched as elsewhere, its end of life stays.
     *
     * <p>Locking: the shard's lock, the sink is called under it; may reclaim outside of it.
     */
    WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        mutation.touchSink = sink;
        WriteStatus status = update(mutation, TOUCH, nowMillis);
        if (status == WriteStatus.TOO_LARGE) {
            steps.limitIdling(mutation, nowMillis);
            return status;
        }
        if (status == WriteStatus.OVERFLOWED) {
            return status;
        }
        boolean isMiss = status == WriteStatus.MISSING;
        (isMiss ? steps.counters.misses : steps.counters.hits).increment();
        return status;
    }

    private WriteStatus touch(Mutation mutation, long slotAt, long nowMillis) {
        if (!shard.present(slotAt, nowMillis)) {
            return WriteStatus.MISSING;
        }
        ItemView old = steps.view(slotAt);
        if (old.isLarge()) {
            return WriteStatus.TOO_LARGE;
        }
        keepMetadata(mutation, old);
        mutation.negative = old.negative();
        mutation.version = old.version();
        steps.limitIdling(mutation, nowMillis);
        int extensionBytes = steps.extensionBytes(mutation);
        int keyLength = mutation.key.bytes().length();
        int valueLength = old.valueLength();
        if (!steps.fits(mutation, extensionBytes, valueLength)) {
            return WriteStatus.TOO_LARGE;
        }
        int bytes = ItemLayout.itemBytes(extensionBytes, keyLength, valueLength);
        long position =
                steps.reserve(mutation, slotAt, valueLength, bytes, extensionBytes, nowMillis);
        if (position < 0) {
            return WriteSteps.refused(position);
        }
        steps.fill(mutation, EMPTY, position, extensionBytes);
        old.copyWithin(ItemLayout.keyPosition(position, extensionBytes) + keyLength);
        steps.seal(position);
        int kind = mutation.negative ? ItemLayout.KIND_NEGATIVE : ItemLayout.KIND_VALUE;
        shard.events.changed(mutation.key);
        steps.publishAs(mutation.version, mutation, position, slotAt, nowMillis, bytes, kind);
        if (mutation.touchSink != null) {
            mutation.touchSink.accept(steps.viewAt(position));
        }
        return WriteStatus.DONE;
    }
}
