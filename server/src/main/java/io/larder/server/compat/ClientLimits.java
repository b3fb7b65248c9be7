package io.larder.server.compat;

import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.RateLimits;
import io.larder.server.limit.ServerLimits;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the limits that all connections share say to the requests of one connection of another
 * protocol. Belongs to its event loop. A client that gives itself no name is known by its address.
 */
public final class ClientLimits {
    private final ServerLimits shared;
    private RateLimits.Client client;
    private boolean isReleased;

    /** Those for a connection of this address, as {@code 127.0.0.1:50432}. */
    public ClientLimits(ServerLimits shared, String address) {
        this.shared = shared;
        this.client = shared.rates().enter(host(address));
    }

    private static String host(String address) {
        return address.substring(0, address.lastIndexOf(':') + 1);
    }

    /** The client says what it is called; empty: by its address. */
    public void rename(String name, String address) {
        client.leave();
        client = shared.rates().enter(name.isEmpty() ? host(address) : name);
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
        long waitNanos = client.take(group, System.nanoTime());
        if (waitNanos == 0) {
            return null;
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
