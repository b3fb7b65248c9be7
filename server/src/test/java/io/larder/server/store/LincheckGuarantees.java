package io.larder.server.store;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;

/** What the model checker need not look into. */
final class LincheckGuarantees {
    /**
     * The counters: they decide nothing, and the table of their threads leads the checker, which
     * keeps what it sees for the next round, into every thread of this process.
     */
    static final ManagedStrategyGuarantee COUNTERS =
            forClasses(
                            "io.larder.server.metrics.StripedCounter",
                            "io.larder.server.metrics.ThreadStripes")
                    .allMethods()
                    .ignore();

    private LincheckGuarantees() {}
}
