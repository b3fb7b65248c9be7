package io.larder.server.compat;

import io.larder.server.auth.Caller;
import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.LoopLoad;
import io.larder.server.limit.Overload;
import io.larder.server.limit.RateLimits;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.UserFigures;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the limits that all connections share say to the requests of one connection of another
 * protocol. Made and used on its event loop. A client is known by its user; where there are none by
 * the name it gives itself, or by its address.
 */
public final class ClientLimits {
    /** Within a batch the load is looked at once in so many requests, less one. */
    private static final int LOOK_MASK = 63;

    private static final String QUEUEING =
            "queueing: too long (expected: limits.queueing-delay; again in "
                    + Overload.RETRY_MILLIS
                    + " ms)";

    private final ServerLimits shared;
    private final LoopLoad load;
    private final Peer peer;
    private String given = "";
    private RateLimits.Client client;
    private int requests;
    private boolean isReleased;

    /** Those for a connection. */
    public ClientLimits(ServerLimits shared, Peer peer) {
        this.shared = shared;
        this.peer = peer;
        this.load = shared.overload().ofLoop();
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

    /** Whether there is anything to be asked about at all for the next request. */
    public boolean areAny() {
        if ((++requests & LOOK_MASK) == 0) {
            load.look(System.nanoTime());
        }
        return load.isStrained() || shared.rates().isOn() || !shared.disabled().isEmpty();
    }

    /** Has a command take longer, where that is wanted. Locking: blocks for that time. */
    public void delayCommand() {
        shared.overload().delayCommand();
    }

    /** Whether commands of a group are off. */
    public boolean isDisabled(@Nullable CommandGroup group) {
        return shared.disabled().refuses(group);
    }

    /** Counts a command; what to say if it is not to be carried out now, else null. */
    public @Nullable String busy(@Nullable CommandGroup group) {
        if (group == null) {
            return null;
        }
        if (load.refuses()) {
            return QUEUEING;
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
