package io.larder.server.command;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.store.Mutation;
import io.larder.server.store.ValueUpload;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values whose first piece a connection has received and whose last it has not, by request id,
 * among them those already refused, whose pieces are dropped. Belongs to the connection's event
 * loop.
 */
final class IncomingValues {
    /** One that is being stored. */
    static final class Incoming {
        final ValueUpload upload;
        final Mutation mutation;
        final byte[] key;
        final int regionId;
        final int flags;
        final long beganMillis;

        Incoming(
                ValueUpload upload,
                Mutation mutation,
                byte[] key,
                int regionId,
                int flags,
                long beganMillis) {
            this.upload = upload;
            this.mutation = mutation;
            this.key = key;
            this.regionId = regionId;
            this.flags = flags;
            this.beganMillis = beganMillis;
        }

        private boolean isOverdue(long nowMillis, long timeoutMillis) {
            long received = upload.length() - (long) upload.missing();
            long allowance = received * 1000 / ProtocolLimits.FRAME_BYTES_PER_SECOND_MIN;
            return nowMillis - beganMillis > timeoutMillis + allowance;
        }
    }

    private final Map<Integer, @Nullable Incoming> values = new HashMap<>(0);
    private int stored; // those that are not null

    /** Whether further pieces of this request are expected. */
    boolean isExpected(int requestId) {
        return !values.isEmpty() && values.containsKey(requestId);
    }

    /** The value that this request brings; null if it was refused. */
    @Nullable Incoming get(int requestId) {
        return values.get(requestId);
    }

    /** Whether no further one may begin to be stored. */
    boolean isFull() {
        return stored >= ProtocolLimits.PIECED_VALUES_MAX;
    }

    /** Whether there are so many refused ones that the client cannot mean it. */
    boolean isOverrun() {
        return values.size() >= ProtocolLimits.WINDOW_REQUESTS_DEFAULT;
    }

    void begin(int requestId, Incoming value) {
        values.put(requestId, value);
        stored++;
    }

    /** Frees what has come; the pieces still to come are dropped. */
    void refuse(int requestId) {
        free(values.put(requestId, null));
    }

    /** The last piece is here. */
    void end(int requestId) {
        free(values.remove(requestId));
    }

    /**
     * Frees what has come, and expects no more; true unless it was refused before, or there is none
     * of this request.
     */
    boolean cancel(int requestId) {
        Incoming value = values.remove(requestId);
        free(value);
        return value != null;
    }

    /** Whether one has taken longer than a frame of its length may. */
    boolean isOverdue(long nowMillis, long timeoutMillis) {
        for (Incoming value : values.values()) {
            if (value != null && value.isOverdue(nowMillis, timeoutMillis)) {
                return true;
            }
        }
        return false;
    }

    /** Frees everything. */
    void release() {
        values.values().forEach(this::free);
        values.clear();
    }

    private void free(@Nullable Incoming value) {
        if (value != null) {
            value.upload.close();
            stored--;
        }
    }
}
