package io.larder.server.store;

import org.jspecify.annotations.Nullable;

/**
 * Writes of one shard whose value was uploaded into a chain, or has to be. For any thread.
 *
 * <p>The chain is taken and filled without the lock, where nobody can find it; what happens under
 * the lock is the same as for every other item: reserve the head, decide, publish. See {@link
 * ChainTable} for who owns the chain when.
 */
final class LargeWriter {
    private final WriteSteps steps;
    private final Shard shard;
    private final UploadShare share;
    private final TwoHoldPut twoHoldPut;

    LargeWriter(WriteSteps steps, UploadShare share) {
        this.steps = steps;
        this.shard = steps.shard;
        this.share = share;
        this.twoHoldPut = new TwoHoldPut(steps);
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
     *
     * @throws IllegalStateException if it is not finished, or was stored or closed already
     */
    WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis) {
        upload.requireStorable();
        if (!mutation.keepExpiry) {
            steps.limitIdling(mutation, nowMillis);
        }
        int extensionBytes = steps.extensionBytes(mutation);
        if (upload.isLarge()) {
            extensionBytes = ItemLayout.withLargeField(extensionBytes);
        }
        if ((mutation.negative && upload.isLarge())
                || !steps.fits(mutation, extensionBytes, upload.tailBytes())) {
            return WriteStatus.TOO_LARGE;
        }
        for (int helps = 0; ; helps++) {
            WriteStatus status = twoHoldPut.put(mutation, upload, extensionBytes, nowMillis);
            if (status != WriteStatus.BUSY || !steps.madeRoom(helps)) {
                return status;
            }
        }
    }
}
