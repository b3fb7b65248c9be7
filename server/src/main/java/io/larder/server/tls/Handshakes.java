package io.larder.server.tls;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The handshakes under way, so many at most: at the bound the one that began first makes room, for
 * one that means it is over in milliseconds, and those that nobody finishes are the old ones. Any
 * thread. Locking: this object's monitor.
 */
final class Handshakes {
    private final int countMax;
    private final Set<Channel> underWay = new LinkedHashSet<>(); // guarded by this

    Handshakes(int countMax) {
        this.countMax = countMax;
    }

    /** Begins one; returns the connection that is to be closed for it, null for none. */
    synchronized @Nullable Channel begin(Channel channel) {
        underWay.add(channel);
        if (underWay.size() <= countMax) {
            return null;
        }
        Iterator<Channel> oldest = underWay.iterator();
        Channel first = oldest.next();
        oldest.remove();
        return first;
    }

    /** It is over, or its connection is gone. Idempotent. */
    synchronized void end(Channel channel) {
        underWay.remove(channel);
    }

    synchronized int count() {
        return underWay.size();
    }
}
