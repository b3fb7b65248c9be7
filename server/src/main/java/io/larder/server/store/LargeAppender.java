package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * APPEND and PREPEND of one shard where the outcome is too long for one item: old and new bytes are
 * copied into a chain outside the lock, which is stored only if the old value is still there then.
 * For any thread.
 */
final class LargeAppender {
    /** How often an append begins anew because the value changed under it. */
    private static final int TRIES_MAX = 8;

    private final WriteSteps steps;
    private final Shard shard;
    private final LargeWriter writer;

    LargeAppender(WriteSteps steps, LargeWriter writer) {
        this.steps = steps;
        this.shard = steps.shard;
        this.writer = writer;
    }

    /** Locking: the shard's lock; outside of it may reclaim segments. */
    WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        boolean ifVersion = mutation.ifVersion;
        boolean ifNewer = mutation.ifNewer;
        long expectedVersion = mutation.expectedVersion;
        long callerVersion = mutation.callerVersion;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            mutation.ifVersion = ifVersion;
            mutation.ifNewer = ifNewer;
            mutation.expectedVersion = expectedVersion;
            mutation.callerVersion = callerVersion;
            WriteStatus status = tryAppend(mutation, atEnd, nowMillis);
            if (status != null) {
                return status;
            }
        }
        return steps.busy();
    }

    /** Null if the value was changed meanwhile. */
    private @Nullable WriteStatus tryAppend(Mutation mutation, boolean atEnd, long nowMillis) {
        LargeValue old;
        if (!steps.lock(mutation.lockNanosMax)) {
            return WriteStatus.TIMED_OUT;
        }
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = steps.decideOnPresent(mutation, slotAt, nowMillis);
            if (status == WriteStatus.DONE && !shard.hasValue(slotAt, nowMillis)) {
                status = WriteStatus.MISSING;
            }
            if (status != WriteStatus.DONE) {
                return status;
            }
            ItemView item = steps.view(slotAt);
            ShardUpdater.keepMetadata(mutation, item);
            mutation.endOfLifeMillis = item.endOfLifeMillis();
            old = item.retain();
        } finally {
            steps.unlock();
        }
        try (old) {
            return replace(mutation, old, atEnd, nowMillis);
        }
    }

    private @Nullable WriteStatus replace(
            Mutation mutation, LargeValue old, boolean atEnd, long nowMillis) {
        Slice added = mutation.value;
        if (added.length() > writer.valueBytesMax() - old.length()) {
            return WriteStatus.TOO_LARGE;
        }
        try (ValueUpload upload = writer.begin(old.length() + added.length())) {
            if (upload == null
                    || !(atEnd
                            ? write(upload, old) && upload.write(added)
                            : upload.write(added) && write(upload, old))) {
                return steps.busy();
            }
            mutation.ifVersion = true;
            mutation.ifNewer = false;
            mutation.expectedVersion = mutation.version;
            mutation.keepExpiry = true;
            WriteStatus status = writer.put(mutation, upload, nowMillis);
            return status == WriteStatus.VERSION_MISMATCH || status == WriteStatus.MISSING
                    ? null
                    : status;
        }
    }

    private static boolean write(ValueUpload upload, LargeValue old) {
        Slice piece = new Slice();
        boolean hasRoom = true;
        for (int offset = 0; hasRoom && offset < old.length(); ) {
            offset += old.piece(offset, piece);
            hasRoom = upload.write(piece);
        }
        return hasRoom;
    }
}
