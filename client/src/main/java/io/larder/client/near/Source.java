package io.larder.client.near;

import io.larder.client.net.CopyKeeper;
import io.larder.client.net.Freshness;
import io.larder.client.net.TrackedServer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * One server that copies come from: what it has told of changes so far, in two kinds of numbers.
 * The server's event loop and own writes raise them, any thread reads them.
 */
/*
 * A value may be kept only if no change was heard of between asking for it and keeping it: the
 * reply to a read and the push about a write that it did not see come in either order.
 *
 *   reader                                    event loop, or own write
 *   1 token = (epoch, changes[stripe])        1 changes[stripe] + 1
 *   2 ask the server                          2 take the copy out
 *   3 in compute(), under the entry's lock:
 *     token unchanged? put the copy
 *
 * If 3 looks before the event loop's 1, its put is over, or under way, when 2 comes, which waits for
 * the entry's lock and takes the copy out. If it looks after 1, it does not put. A stripe is shared by
 * keys: at worst a value is not kept that could have been.
 *
 * To drop all copies, `epoch` is raised and nothing else: a copy of an earlier epoch serves nobody. It
 * goes when somebody asks for it or when the cache makes room; a walk over all of them would hold the
 * event loop up.
 */
final class Source implements CopyKeeper {
    private static final int STRIPES = 1 << 12;

    private final TrackedServer server;
    private final Copies copies;
    private final AtomicInteger epoch = new AtomicInteger();
    private final AtomicIntegerArray changes = new AtomicIntegerArray(STRIPES);

    Source(TrackedServer server, Copies copies) {
        this.server = server;
        this.copies = copies;
    }

    TrackedServer server() {
        return server;
    }

    Freshness freshness() {
        return server.freshness();
    }

    int epoch() {
        return epoch.get();
    }

    private static int stripeOf(CopyKey key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & STRIPES - 1;
    }

    /** To be taken before the server is asked. */
    long token(CopyKey key) {
        return (long) epoch.get() << 32 | (changes.get(stripeOf(key)) & 0xFFFF_FFFFL);
    }

    /** Whether no change of the key was heard of since the token was taken. */
    boolean isCurrent(long token, CopyKey key) {
        return token == token(key);
    }

    static int epochOf(long token) {
        return (int) (token >>> 32);
    }

    /** The key has changed, by a write of this client's own or as the server says. */
    void forget(CopyKey key) {
        changes.incrementAndGet(stripeOf(key));
        copies.remove(key);
    }

    @Override
    public void changed(byte[] key) {
        copies.countInvalidation();
        forget(new CopyKey(key));
    }

    @Override
    public void dropAll(DropReason reason) {
        copies.countDrop(reason);
        epoch.incrementAndGet();
    }

    /** All keys have changed, by a clear of this client's own. */
    void forgetAll() {
        epoch.incrementAndGet();
    }
}
