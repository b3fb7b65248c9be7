package io.larder.server.tier.chronicle;

import io.larder.protocol.file.RegionRecord;
import io.larder.server.store.EntryFunction;
import io.larder.server.store.ItemView;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Change;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One update of several keys: all stripes in ascending order, judge, have the function decide,
 * write all or put back what was there. For one thread, once.
 */
final class ChronicleUpdate {
    private static final Comparator<Entry> ASCENDING =
            (left, right) ->
                    Long.compareUnsigned(left.mutation.key.hash(), right.mutation.key.hash());

    private static final class Entry {
        final Mutation mutation;
        final byte[] key;
        final Stripe stripe;
        final Workspace workspace = new Workspace();
        byte @Nullable [] before; // as it is in the map, dead or not
        boolean hasItem;
        boolean isWritten;

        Entry(Mutation mutation, Stripe stripe) {
            this.mutation = mutation;
            this.key = mutation.key.bytes().toByteArray();
            this.stripe = stripe;
        }
    }

    private final ChronicleRegion region;
    private final Mutation[] mutations;
    private final Entry[] entries; // in the order of the mutations
    private final Entry[] ordered; // in the order of the hashes
    private final TreeMap<Integer, Stripe> stripes = new TreeMap<>();

    /**
     * @throws IllegalArgumentException if there is no key, too many, or one twice
     */
    ChronicleUpdate(ChronicleRegion region, Mutation[] mutations) {
        if (mutations.length == 0 || mutations.length > Store.UPDATE_KEYS_MAX) {
            throw new IllegalArgumentException(
                    "keys: " + mutations.length + " (expected: 1.." + Store.UPDATE_KEYS_MAX + ")");
        }
        this.region = region;
        this.mutations = mutations;
        this.entries = new Entry[mutations.length];
        for (int i = 0; i < mutations.length; i++) {
            Stripe stripe = region.stripe(mutations[i].key.hash());
            entries[i] = new Entry(mutations[i], stripe);
            stripes.put(stripe.id, stripe);
        }
        this.ordered = entries.clone();
        Arrays.sort(ordered, ASCENDING);
        for (int i = 1; i < ordered.length; i++) {
            if (Arrays.equals(ordered[i].key, ordered[i - 1].key)) {
                throw new IllegalArgumentException("keys: one is there twice (expected: once)");
            }
        }
    }

    /** Locking: the stripes of all keys, also for the function. */
    WriteStatus run(long nowMillis, EntryFunction function) {
        List<Stripe> locked = new ArrayList<>();
        WriteStatus status;
        try {
            for (Stripe stripe : stripes.values()) {
                if (!stripe.lock(mutations[0].lockNanosMax)) {
                    return WriteStatus.TIMED_OUT;
                }
                locked.add(stripe);
            }
            status = apply(nowMillis, function);
        } finally {
            locked.forEach(Stripe::unlock);
        }
        if (status == WriteStatus.DONE) {
            tell();
        }
        return status;
    }

    private WriteStatus apply(long nowMillis, EntryFunction function) {
        for (Entry entry : ordered) {
            Mutation mutation = entry.mutation;
            mutation.change = Change.KEEP;
            RegionRecord record = entry.workspace.record;
            if (region.file.read(entry.key, entry.workspace)) {
                entry.before = entry.workspace.withExpiry(record.expiryMillis());
                entry.hasItem =
                        region.isCurrent(mutation.key.space())
                                && region.isLive(record, entry.key, nowMillis);
            }
            WriteStatus status =
                    ChronicleWriter.decide(mutation, entry.stripe, entry.hasItem ? record : null);
            if (status != WriteStatus.DONE) {
                return status;
            }
        }
        function.apply(mutations, views());
        if (!region.isCurrent(mutations[0].key.space())) {
            return WriteStatus.DONE; // cleared since: as if it had come before
        }
        for (Entry entry : ordered) {
            WriteStatus status = write(entry, nowMillis);
            if (status != WriteStatus.DONE) {
                putBack();
                return status;
            }
        }
        for (Entry entry : ordered) {
            if (entry.mutation.change != Change.KEEP) {
                entry.stripe.fills.changed(entry.mutation.key.hash());
            }
        }
        return WriteStatus.DONE;
    }

    private @Nullable ItemView[] views() {
        @Nullable ItemView[] views = new ItemView[entries.length];
        for (int i = 0; i < entries.length; i++) {
            Mutation mutation = entries[i].mutation;
            views[i] =
                    entries[i].hasItem
                            ? entries[i].workspace.show(mutation.key.space(), mutation.key.bytes())
                            : null;
        }
        return views;
    }

    private WriteStatus write(Entry entry, long nowMillis) {
        Mutation mutation = entry.mutation;
        if (mutation.change == Change.KEEP
                || (mutation.change == Change.REMOVE && !entry.hasItem)) {
            return WriteStatus.DONE;
        }
        long version = region.nextVersion(entry.stripe, nowMillis);
        entry.isWritten = true;
        if (mutation.change == Change.REMOVE) {
            mutation.version = version;
            return region.file.remove(entry.key) ? WriteStatus.DONE : WriteStatus.BUSY;
        }
        if (mutation.value.length() > region.file.valueBytesMax()) {
            return WriteStatus.TOO_LARGE;
        }
        byte[] record = ChronicleWriter.recordOf(mutation, null, null, mutation.value);
        RegionRecord.writeHeader(
                record,
                version,
                mutation.expiryMillis,
                mutation.softExpiryMillis,
                region.file.state().epoch());
        mutation.version = version;
        return switch (region.file.put(entry.key, record)) {
            case INSERTED, REPLACED -> WriteStatus.DONE;
            case FULL -> WriteStatus.OUT_OF_CAPACITY;
            case TOO_LARGE -> WriteStatus.TOO_LARGE;
            case LOCKED -> WriteStatus.BUSY;
        };
    }

    private void putBack() {
        for (Entry entry : ordered) {
            if (entry.isWritten && entry.before != null) {
                region.file.put(entry.key, entry.before);
            } else if (entry.isWritten) {
                region.file.remove(entry.key);
            }
        }
    }

    private void tell() {
        for (Entry entry : ordered) {
            if (entry.isWritten && entry.mutation.change == Change.PUT) {
                region.stored(entry.mutation, entry.mutation.version, !entry.hasItem);
            } else if (entry.isWritten) {
                region.changed(entry.mutation.key);
            }
        }
    }
}
