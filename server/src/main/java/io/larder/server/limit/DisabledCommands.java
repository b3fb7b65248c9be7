package io.larder.server.limit;

import io.larder.server.metrics.MetricsRegistry;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The groups of commands that are off, in every protocol. Any thread. */
public final class DisabledCommands {
    private final Set<CommandGroup> groups;
    private final LongAdder refused = new LongAdder();

    /** These. */
    public DisabledCommands(Set<CommandGroup> groups) {
        this.groups = groups.isEmpty() ? Set.of() : EnumSet.copyOf(groups);
    }

    /** Whether none is off. */
    public boolean isEmpty() {
        return groups.isEmpty();
    }

    /** Whether commands of a group are off; those of none never are. */
    public boolean has(@Nullable CommandGroup group) {
        return group != null && groups.contains(group);
    }

    /** The same of a command that was asked for, which is counted if it is off. */
    public boolean refuses(@Nullable CommandGroup group) {
        boolean isOff = has(group);
        if (isOff) {
            refused.increment();
        }
        return isOff;
    }

    /** Adds what it counts to a registry. */
    void registerMetrics(MetricsRegistry metrics) {
        metrics.registerCounter(
                "disabled_refusals", "Commands asked for that are turned off", refused::sum);
    }
}
