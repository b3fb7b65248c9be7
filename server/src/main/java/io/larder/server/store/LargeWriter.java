package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Writes of one shard whose value was uploaded into a chain, or has to be. For any thread.
 *
 * <p>The chain is taken and filled without the lock, where nobody can find it; what happens under
 * the lock is the same as for every other item: reserve the head, decide, publish. See {@link
 * ChainTable} for who owns the chain when.
 */
final class LargeWriter {
    private static final Slice NOTHING = Slice.of(new byte[0]);

    private final WriteSteps steps;
    private final Shard shard;
    private final UploadShare share;

    LargeWriter(WriteSteps steps, UploadShare share) {
        this.steps = steps;
        this.shard = steps.shard;
        this.share = share;
    }

    /** The longest value in bytes. */
    int valueBytesMax() {
        return share.bytesMax();
    }

    /** Begins an upload; null if unfinished ones leave no room for it now. */
    @Nullable ValueUpload begin(int valueLength) {
        int segments = ValueUpload.segmentsOf(valueLength, shard.segments.segmentBytes());
        return share.tryEnter(segments) ? steps.upload(share, valueLength) : null;
    }

    /**
     * Stores a value that lies in one piece at its caller's.
     *
     * <p>Locking: the shard's lock; outside of it may reclaim segments.
     */
    WriteStatus put(Mutation mutation, long nowMillis) {
        if (mutation.value.length() > valueBytesMax()) {
            return WriteStatus.TOO_LARGE;
        }
        try (ValueUpload upload = begin(mutation.value.length())) {
            if (upload == null || !upload.write(mutation.value)) {
                return steps.busy();
            }
            return put(mutation, upload, nowMillis);
        }
    }

    /**
     * Stores a finished upload, which stays its caller's to close.
     *
     * <p>Locking: the shard's lock; outside of it may reclaim segments.
     */
    WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis) {
        if (!mutation.keepExpiry) {
            steps.limitIdling(mutation, nowMillis);
        }
        int extensionBytes = ItemLayout.extensionBytes(mutation);
        if (upload.isLarge()) {
            extensionBytes = ItemLayout.withLargeField(extensionBytes);
        }
        if ((mutation.negative && upload.isLarge())
                || !steps.fits(mutation, extensionBytes, upload.tailBytes())) {
            return WriteStatus.TOO_LARGE;
        }
        for (int helps = 0; ; helps++) {
            WriteStatus status = publish(mutation, upload, extensionBytes, nowMillis);
            if (status != WriteStatus.BUSY || !steps.madeRoom(helps)) {
                return status;
            }
        }
    }

    private WriteStatus publish(
            Mutation mutation, ValueUpload upload, int extensionBytes, long nowMillis) {
        int keyLength = mutation.key.bytes().length();
        int bytes = ItemLayout.itemBytes(extensionBytes, keyLength, upload.tailBytes());
        int charged = upload.isLarge() ? bytes + shard.segments.chainBytes(upload.length()) : bytes;
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
                            upload.tailBytes(),
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
            if (mutation.keepExpiry) {
                mutation.expiryMillis = steps.view(slotAt).expiryMillis();
            }
            if (upload.isLarge()) {
                steps.publish(
                        mutation, position, slotAt, nowMillis, charged, ItemLayout.KIND_LARGE);
            } else {
                steps.publish(mutation, position, slotAt, nowMillis, bytes);
            }
            upload.published();
            return WriteStatus.DONE;
        } finally {
            steps.unlock();
        }
    }

    private void fill(Mutation mutation, ValueUpload upload, long position, int extensionBytes) {
        steps.fill(mutation, NOTHING, position, extensionBytes);
        if (upload.isLarge()) {
            ItemLayout.writeLargeField(
                    steps.memory, position, extensionBytes, upload.length(), upload.own());
        }
        upload.copyTailTo(
                ItemLayout.keyPosition(position, extensionBytes) + mutation.key.bytes().length());
    }
}
