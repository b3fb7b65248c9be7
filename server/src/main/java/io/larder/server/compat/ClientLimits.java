package io.larder.server.compat;

import io.larder.server.auth.Caller;
import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.RateLimits;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.UserFigures;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the limits that all connections share say to the requests of one connection of another
 * protocol. Belongs to its event loop. A client is known by its user; where there are none by the
 * name it gives itself, or by its address.
 */
public final class ClientLimits {
    private final ServerLimits shared;
    private final Peer peer;
    private String given = "";
    private RateLimits.Client client;
    private boolean isReleased;

    /** Those for a connection. */
    public ClientLimits(ServerLimits shared, Peer peer) {
        this.shared = shared;
        this.peer = peer;
        this.client = shared.rates().enter(host(peer.remoteAddress()));
    }

    private static String host(String address) {
        return address.substring(0, address.lastIndexOf(':') + 1);
    }

    /** The client says what it is called; empty for nothing. */
    public void rename(String name) {
        given = name;
    }

    private String name() {
        Caller caller = peer.caller();
        if (caller.isRequired()) {
            return caller.isKnown() ? caller.user() : host(peer.remoteAddress());
        }
        return given.isEmpty() ? host(peer.remoteAddress()) : given;
    }

    /** Whether there is anything to be asked about at all. */
    public boolean areAny() {
        return shared.rates().isOn() || !shared.disabled().isEmpty();
    }

    /** Whether commands of a group are off. */
    public boolean isDisabled(@Nullable CommandGroup group) {
        return shared.disabled().refuses(group);
    }

    /** Counts a command; what to say if it is one too many, else null. */
    public @Nullable String overRate(@Nullable CommandGroup group) {
        if (group == null) {
            return null;
        }
        client = client.rename(name());
        long waitNanos = client.take(group, System.nanoTime());
        if (waitNanos == 0) {
            return null;
        }
        UserFigures figures = peer.caller().figures();
        if (figures != null) {
            figures.countOverRate();
        }
        return "rate of "
                + group.word()
                + " (expected: at most "
                + client.perSecond(group)
                + " a second; again in "
                + (TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1)
                + " ms)";
    }

    /** The connection is gone. Idempotent. */
    public void release() {
        if (!isReleased) {
            isReleased = true;
            client.leave();
        }
    }
}
