package io.larder.server.push;

import io.larder.server.memory.Slice;
import io.larder.server.store.Key;
import java.util.Arrays;
import java.util.function.IntSupplier;

/**
 * The connections that are told of every change of keys with a prefix, whether they have read them
 * or not. Immutable; any thread. A write looks at each of them, so there are few.
 */
/*
 * A client that asks to be told keeps nothing from before: it asks, then reads. Its entry is in here,
 * volatile, and a full fence behind it, before any of its reads; a writer changes the item, fences
 * (the shard's lock), then looks here. So the reader sees the write or the writer sees the reader, as
 * in TrackingStripe. What was written in a space that a clear has ended meanwhile is not told: the
 * clear tells of everything.
 */
final class Broadcasts {
    /** Nobody. */
    static final Broadcasts NONE = new Broadcasts(new Follower[0]);

    private final Follower[] followers;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Follower(PushQueue queue, int regionId, IntSupplier space, byte[] prefix) {
        boolean isMeant(int keySpace, Slice key) {
            return key.startsWith(prefix) && space.getAsInt() == keySpace;
        }

        void tell(byte[] key) {
            queue.offer(Push.invalidate(regionId, key));
            queue.wake();
        }
    }

    private Broadcasts(Follower[] followers) {
        this.followers = followers;
    }

    Broadcasts with(PushQueue queue, int regionId, IntSupplier space, byte[] prefix) {
        Follower[] more = Arrays.copyOf(followers, followers.length + 1);
        more[followers.length] = new Follower(queue, regionId, space, prefix);
        return new Broadcasts(more);
    }

    Broadcasts without(PushQueue queue) {
        Follower[] left =
                Arrays.stream(followers)
                        .filter(each -> each.queue != queue)
                        .toArray(Follower[]::new);
        return left.length == 0 ? NONE : new Broadcasts(left);
    }

    /** A key was changed by this thread. Locking: none. */
    void changed(Key key) {
        for (Follower each : followers) {
            if (!each.queue.isMuted() && each.isMeant(key.space(), key.bytes())) {
                each.tell(key.bytes().toByteArray());
            }
        }
    }

    /** A key's item is gone, though nobody changed it. Locking: none. */
    void lost(int space, byte[] key) {
        for (Follower each : followers) {
            if (each.isMeant(space, Slice.of(key))) {
                each.tell(key);
            }
        }
    }
}
