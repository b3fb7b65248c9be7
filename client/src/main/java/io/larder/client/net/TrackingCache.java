package io.larder.client.net;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.Entry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A region whose values can be read so that their next change is told. Any thread. */
public interface TrackingCache extends AsyncBytesCache {
    @Override
    TrackingCache withTimeout(Duration timeout);

    /** The server that a key is read from. */
    TrackedServer serverOf(byte[] key);

    /**
     * Has a keeper told of the region's changes on a server from now on, and of its silence.
     *
     * @param heartbeatMillis how often the server is asked whether all was heard, at least
     */
    void register(TrackedServer server, CopyKeeper keeper, long heartbeatMillis);

    /**
     * As {@link #getEntry}, from the server that {@link #serverOf} named, over the connection on
     * which it tells of changes, and so that it tells of the next one of this key. Where it tells
     * of none, as {@link #getEntry}.
     */
    CompletableFuture<Optional<Entry<byte[]>>> getTracked(TrackedServer server, byte[] key);
}
