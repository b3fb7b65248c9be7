package io.larder.server.snapshot;

import io.larder.server.store.Clock;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.SnapshotItem;
import io.larder.server.store.SnapshotSink;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;

/**
 * Stores a snapshot's items again, under new versions: what has expired meanwhile is left out, and
 * a key that is there already keeps its value, which is younger. One thread.
 */
final class SnapshotLoader implements SnapshotSink {
    private final Store store;
    private final Clock clock;
    private final Map<Integer, Integer> spaces;
    private final SnapshotItem item = new SnapshotItem();
    private final Mutation mutation = new Mutation();
    private long stored;
    private long present;
    private long expired;
    private long refused;

    /**
     * @param spaces the present space of each space that the file names; items of others are
     *     refused
     */
    SnapshotLoader(Store store, Clock clock, Map<Integer, Integer> spaces) {
        this.store = store;
        this.clock = clock;
        this.spaces = spaces;
    }

    @Override
    public void accept(byte[] block, int length, int items) throws IOException {
        if (Thread.interrupted()) {
            throw new InterruptedIOException("the server is stopping");
        }
        long nowMillis = clock.nowMillis();
        for (int offset = 0; offset < length; ) {
            offset = item.wrap(block, offset, length);
            load(nowMillis);
        }
    }

    private void load(long nowMillis) {
        Integer space = spaces.get(item.space());
        if (space == null) {
            refused++;
        } else if (item.expiryMillis() <= nowMillis) {
            expired++;
        } else {
            item.putInto(mutation, store.hasher(), space);
            mutation.presence = Presence.ABSENT;
            count(store.put(mutation, nowMillis));
        }
    }

    private void count(WriteStatus status) {
        if (status == WriteStatus.DONE) {
            stored++;
        } else if (status == WriteStatus.EXISTS || status == WriteStatus.OVERFLOWED) {
            present++;
        } else {
            refused++;
        }
    }

    /** What became of the items. */
    String summary() {
        return "stored="
                + stored
                + " present="
                + present
                + " expired="
                + expired
                + " refused="
                + refused;
    }
}
