package io.larder.server.compat.resp;

import io.larder.server.compat.ScratchSink;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;
import org.jspecify.annotations.Nullable;

/**
 * Changes a value that has to be seen first: read, decide, store if it is still that version, else
 * again. Stateless.
 */
final class Editing {
    private static final int TRIES_MAX = 256;

    /** What is to become of a value. */
    enum Change {
        PUT,
        DELETE,
        /** It stays as it is, and whoever decided so has answered. */
        KEEP
    }

    /** Decides, possibly more than once; sets the mutation's value, or what is to be changed. */
    @FunctionalInterface
    interface Edit {
        /**
         * @param seen the value and what is beside it; null if the key is absent
         */
        Change decide(@Nullable ScratchSink seen, Mutation mutation);
    }

    private Editing() {}

    /** DONE if it was changed, or nothing was to be; else what stood in the way. */
    static WriteStatus edit(RespTalk talk, int keyArgument, Edit edit) {
        Mutation mutation = talk.key(keyArgument);
        ScratchSink scratch = talk.bench.scratch;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            mutation.reset();
            boolean isHit = talk.items().look(mutation.key, scratch);
            if (isHit) {
                scratch.keepIn(mutation);
            } else {
                mutation.expiryMillis = talk.items().defaultExpiryMillis();
            }
            Change change = edit.decide(isHit ? scratch : null, mutation);
            if (change == Change.KEEP) {
                return WriteStatus.DONE;
            }
            scratch.expectSeen(mutation, isHit);
            WriteStatus status =
                    change == Change.PUT
                            ? talk.items().put(mutation)
                            : talk.items().delete(mutation);
            if (status != WriteStatus.VERSION_MISMATCH && status != WriteStatus.MISSING) {
                return status;
            }
        }
        return WriteStatus.BUSY;
    }
}
