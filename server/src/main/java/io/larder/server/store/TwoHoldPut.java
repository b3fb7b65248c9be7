package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Puts of one shard whose bytes are too many to be copied under its lock. Stateless; any thread.
 *
 * <p>Under the lock room is reserved, and the segment's pending count raised, which keeps it from
 * being recycled; the bytes are copied without the lock; under the lock again the conditions are
 * judged anew, since others may have written meanwhile, and the item is published or given up. The
 * put takes place in the second hold.
 */
final class TwoHoldPut {
    private static final Slice NOTHING = Slice.of(new byte[0]);

    private final WriteSteps steps;
    private final Shard shard;

    TwoHoldPut(WriteSteps steps) {
        this.steps = steps;
        this.shard = steps.shard;
    }

    /**
     * Stores the mutation's value or, if there is one, that of an upload, once; BUSY if there is no
     * room.
     *
     * <p>Locking: the shard's lock, twice.
     */
    WriteStatus put(
            Mutation mutation, @Nullable ValueUpload upload, int extensionBytes, long nowMillis) {
        boolean isLarge = upload != null && upload.isLarge();
        int valueLength = upload == null ? mutation.value.length() : upload.tailBytes();
        int bytes =
                ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), valueLength);
        int charged = bytes + chainBytes(upload);
        long position;
        int segment;
        if (!steps.lock(mutation.lockNanosMax)) {
            return WriteStatus.TIMED_OUT;
        }
        try {
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = steps.decide(mutation, slotAt, nowMillis);
            if (status != WriteStatus.DONE) {
                return status;
            }
            position =
                    steps.reserve(
                            mutation,
                            slotAt,
                            valueLength,
                            bytes,
                            extensionBytes,
                            nowMillis,
                            charged);
            if (position < 0) {
                return WriteSteps.refused(position);
            }
            segment = shard.segments.segmentOf(position);
            shard.segments.addPending(segment, 1);
        } finally {
            steps.unlock();
        }
        boolean filled = false;
        try {
            fill(mutation, upload, position, extensionBytes);
            filled = true;
        } finally {
            if (!filled) {
                steps.giveUp(mutation, position, segment, charged);
            }
        }
        shard.lock.lock();
        try {
            shard.segments.addPending(segment, -1);
            long slotAt = shard.index.find(mutation.key);
            WriteStatus status = steps.decide(mutation, slotAt, nowMillis);
            if (status != WriteStatus.DONE) {
                steps.abandon(mutation, position, charged);
                return status;
            }
            if (upload != null && mutation.keepExpiry) {
                mutation.expiryMillis = steps.view(slotAt).expiryMillis();
            }
            if (upload != null) {
                upload.published(); // before: whatever is thrown, a linked chain is never freed
            }
            if (isLarge) {
                steps.publish(
                        mutation, position, slotAt, nowMillis, charged, ItemLayout.KIND_LARGE);
            } else {
                steps.publish(mutation, position, slotAt, nowMillis, bytes);
            }
            return WriteStatus.DONE;
        } finally {
            steps.unlock();
        }
    }

    private int chainBytes(@Nullable ValueUpload upload) {
        return upload != null && upload.isLarge() ? shard.segments.chainBytes(upload.length()) : 0;
    }

    private void fill(
            Mutation mutation, @Nullable ValueUpload upload, long position, int extensionBytes) {
        if (upload == null) {
            steps.fill(mutation, mutation.value, position, extensionBytes);
            steps.seal(position);
            return;
        }
        steps.fill(mutation, NOTHING, position, extensionBytes);
        if (upload.isLarge()) {
            ItemLayout.writeLargeField(
                    steps.memory,
                    position,
                    extensionBytes,
                    upload.length(),
                    upload.own(),
                    upload.chainSum());
        }
        upload.copyTailTo(
                ItemLayout.keyPosition(position, extensionBytes) + mutation.key.bytes().length());
        steps.seal(position);
    }
}
