package io.larder.server.tier.chronicle;

import io.larder.protocol.file.RegionRecord;
import io.larder.server.memory.Slice;
import io.larder.server.store.DecimalText;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.RemovalCause;
import io.larder.server.store.ValueSink;
import io.larder.server.store.WriteStatus;
import org.jspecify.annotations.Nullable;

/** The writes of single keys. For any thread. */
final class ChronicleWriter {
    private static final int NUMBER_BYTES_MAX = 20;

    /** A write whose conditions hold, under the stripe. */
    @FunctionalInterface
    private interface Step {
        /**
         * @param hasItem whether the workspace has the key's item
         */
        WriteStatus apply(Write write, boolean hasItem);
    }

    /** One write under way. */
    private static final class Write {
        final Mutation mutation;
        final Stripe stripe;
        final Workspace workspace;
        final byte[] key;
        final long nowMillis;
        boolean isStored;
        boolean isChanged;
        boolean isDeleted;

        Write(Mutation mutation, Stripe stripe, Workspace workspace, byte[] key, long nowMillis) {
            this.mutation = mutation;
            this.stripe = stripe;
            this.workspace = workspace;
            this.key = key;
            this.nowMillis = nowMillis;
        }
    }

    private final ChronicleRegion region;
    private final ChronicleSweep sweep;

    ChronicleWriter(ChronicleRegion region, ChronicleSweep sweep) {
        this.region = region;
        this.sweep = sweep;
    }

    WriteStatus put(Mutation mutation, long nowMillis) {
        return write(
                mutation,
                nowMillis,
                (write, hasItem) -> {
                    Slice value = mutation.value;
                    return store(write, recordOf(mutation, null, null, value));
                });
    }

    WriteStatus delete(Mutation mutation, long nowMillis) {
        return write(
                mutation,
                nowMillis,
                (write, hasItem) -> {
                    write.stripe.fills.changed(mutation.key.hash());
                    if (!hasItem) {
                        return WriteStatus.MISSING;
                    }
                    if (!region.file.remove(write.key)) {
                        return WriteStatus.BUSY;
                    }
                    mutation.version = region.nextVersion(write.stripe, nowMillis);
                    write.isDeleted = true;
                    return WriteStatus.DONE;
                });
    }

    WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        WriteStatus status =
                write(mutation, nowMillis, (write, hasItem) -> touch(write, hasItem, sink));
        (status == WriteStatus.MISSING ? region.misses : region.hits).increment();
        return status;
    }

    private WriteStatus touch(Write write, boolean hasItem, @Nullable ValueSink sink) {
        if (!hasItem) {
            return WriteStatus.MISSING;
        }
        Mutation mutation = write.mutation;
        ChronicleFile.Outcome outcome =
                region.file.put(write.key, write.workspace.withExpiry(mutation.expiryMillis));
        if (outcome != ChronicleFile.Outcome.REPLACED) {
            return WriteStatus.BUSY;
        }
        mutation.version = write.workspace.record.version();
        write.isChanged = true;
        if (sink != null) {
            Key key = mutation.key;
            sink.accept(write.workspace.show(mutation.expiryMillis, key.space(), key.bytes()));
        }
        return WriteStatus.DONE;
    }

    WriteStatus increment(Mutation mutation, long nowMillis) {
        return write(mutation, nowMillis, this::increment);
    }

    private WriteStatus increment(Write write, boolean hasItem) {
        Mutation mutation = write.mutation;
        RegionRecord record = write.workspace.record;
        boolean hasNumber = hasItem && !record.negative();
        if (hasNumber) {
            byte[] text = new byte[NUMBER_BYTES_MAX];
            int length = record.valueLength();
            if (length > NUMBER_BYTES_MAX) {
                return WriteStatus.NOT_A_NUMBER;
            }
            write.workspace.value().copyTo(text, 0);
            if (!DecimalText.isLong(text, length)) {
                return WriteStatus.NOT_A_NUMBER;
            }
            mutation.number = DecimalText.parse(text, length);
            keepMetadata(mutation, record);
            if (mutation.keepExpiry) {
                mutation.expiryMillis = record.expiryMillis();
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
        byte[] digits = new byte[NUMBER_BYTES_MAX];
        Slice text = new Slice().wrap(digits, 0, DecimalText.format(sum, digits));
        return store(write, recordOf(mutation, hasNumber ? record : null, null, text));
    }

    WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        return write(
                mutation,
                nowMillis,
                (write, hasItem) -> {
                    RegionRecord record = write.workspace.record;
                    if (!hasItem || record.negative()) {
                        return WriteStatus.MISSING;
                    }
                    keepMetadata(mutation, record);
                    mutation.expiryMillis = record.expiryMillis();
                    Slice old = write.workspace.value();
                    Slice first = atEnd ? old : mutation.value;
                    Slice second = atEnd ? mutation.value : old;
                    if (first.length() + second.length() > region.file.valueBytesMax()) {
                        return WriteStatus.TOO_LARGE;
                    }
                    return store(write, recordOf(mutation, record, first, second));
                });
    }

    private static void keepMetadata(Mutation mutation, RegionRecord record) {
        mutation.clientFlags = record.clientFlags();
        mutation.callerVersion = record.callerVersion();
        mutation.softExpiryMillis = record.softExpiryMillis();
        mutation.format = record.format();
    }

    /** Everything but version and epoch, which {@link #store} knows. */
    static byte[] recordOf(
            Mutation mutation, @Nullable RegionRecord tagged, @Nullable Slice first, Slice second) {
        int tags = tagged == null ? mutation.tagCount() : tagged.tags();
        int firstBytes = first == null ? 0 : first.length();
        byte[] record = new byte[RegionRecord.bytes(tags, firstBytes + second.length())];
        RegionRecord.writeMetadata(
                record,
                mutation.callerVersion,
                mutation.clientFlags,
                mutation.format,
                mutation.negative);
        RegionRecord.writeTags(record, tags);
        for (int i = 0; i < tags; i++) {
            RegionRecord.writeTag(record, i, tagged == null ? mutation.tag(i) : tagged.tag(i));
        }
        int valueAt = RegionRecord.HEADER_BYTES + tags * Long.BYTES;
        if (first != null) {
            first.copyTo(record, valueAt);
        }
        second.copyTo(record, valueAt + firstBytes);
        return record;
    }

    private WriteStatus store(Write write, byte[] record) {
        Mutation mutation = write.mutation;
        long version = region.nextVersion(write.stripe, write.nowMillis);
        RegionRecord.writeHeader(
                record,
                version,
                mutation.expiryMillis,
                mutation.softExpiryMillis,
                region.file.state().epoch());
        ChronicleFile.Outcome outcome = put(write.key, record, write.nowMillis);
        return switch (outcome) {
            case FULL -> {
                region.full.increment();
                yield WriteStatus.OUT_OF_CAPACITY;
            }
            case TOO_LARGE -> WriteStatus.TOO_LARGE;
            case LOCKED -> WriteStatus.BUSY;
            case INSERTED, REPLACED -> {
                mutation.version = version;
                write.stripe.fills.changed(mutation.key.hash());
                write.isStored = true;
                yield WriteStatus.DONE;
            }
        };
    }

    /** A full map may be full of what is dead: the writer helps with the sweep, up to a bound. */
    private ChronicleFile.Outcome put(byte[] key, byte[] record, long nowMillis) {
        ChronicleFile.Outcome outcome = region.file.put(key, record);
        for (int helps = 0; outcome == ChronicleFile.Outcome.FULL && helps < sweep.helpsMax(); ) {
            int freed = sweep.help(nowMillis);
            helps++;
            if (freed > 0) {
                outcome = region.file.put(key, record);
            }
        }
        return outcome;
    }

    private WriteStatus write(Mutation mutation, long nowMillis, Step step) {
        Stripe stripe = region.stripe(mutation.key.hash());
        if (mutation.value.length() > region.file.valueBytesMax()) {
            return WriteStatus.TOO_LARGE;
        }
        if (!stripe.lock(mutation.lockNanosMax)) {
            return WriteStatus.TIMED_OUT;
        }
        Write write;
        WriteStatus status;
        boolean hadItem;
        try {
            byte[] key = mutation.key.bytes().toByteArray();
            write = new Write(mutation, stripe, region.workspace(), key, nowMillis);
            if (!region.isCurrent(mutation.key.space())) {
                return afterClear(write);
            }
            hadItem =
                    region.file.read(key, write.workspace)
                            && region.isLive(write.workspace.record, key, nowMillis);
            status = decide(write, hadItem);
            if (status == WriteStatus.DONE) {
                status = step.apply(write, hadItem);
            }
        } finally {
            stripe.unlock();
        }
        tell(write, hadItem);
        return status;
    }

    /** The region was cleared since: the write counts as one before, of which nothing is left. */
    private WriteStatus afterClear(Write write) {
        write.mutation.version = region.nextVersion(write.stripe, write.nowMillis);
        return WriteStatus.DONE;
    }

    static WriteStatus decide(Mutation mutation, Stripe stripe, @Nullable RegionRecord found) {
        if (mutation.fill != Mutation.NO_FILL
                && !stripe.fills.isOpen(mutation.key.hash(), mutation.fill)) {
            return WriteStatus.CHANGED;
        }
        RegionRecord record = found != null && found.negative() ? null : found;
        mutation.version = record == null ? Mutation.VERSION_ABSENT : record.version();
        if (mutation.presence == Presence.ABSENT && record != null) {
            return WriteStatus.EXISTS;
        }
        if (mutation.presence == Presence.PRESENT && record == null) {
            return WriteStatus.MISSING;
        }
        if (mutation.ifVersion && mutation.expectedVersion != mutation.version) {
            return record == null ? WriteStatus.MISSING : WriteStatus.VERSION_MISMATCH;
        }
        if (!mutation.ifNewer
                || record == null
                || record.callerVersion() == Mutation.NO_CALLER_VERSION) {
            return WriteStatus.DONE;
        }
        mutation.storedCallerVersion = record.callerVersion();
        return Long.compareUnsigned(mutation.callerVersion, mutation.storedCallerVersion) > 0
                ? WriteStatus.DONE
                : WriteStatus.NOT_NEWER;
    }

    private static WriteStatus decide(Write write, boolean hasItem) {
        return decide(write.mutation, write.stripe, hasItem ? write.workspace.record : null);
    }

    private void tell(Write write, boolean hadItem) {
        Mutation mutation = write.mutation;
        if (write.isStored) {
            region.stored(mutation, mutation.version, !hadItem);
        } else if (write.isChanged || write.isDeleted) {
            region.changed(mutation.key);
        }
        RemovalCause cause = write.isStored ? RemovalCause.OVERWRITTEN : RemovalCause.DELETED;
        if (hadItem && (write.isStored || write.isDeleted) && region.wants(cause)) {
            region.removed(cause, mutation.key, mutation.version);
        }
    }
}
