package io.larder.server.store;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.List;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * What the model checker need not look into: half its time otherwise, with no interleaving to show
 * for it.
 */
final class LincheckGuarantees {
    /**
     * The counters: they decide nothing, and the table of their threads leads the checker, which
     * keeps what it sees for the next round, into every thread of this process.
     */
    private static final ManagedStrategyGuarantee COUNTERS =
            forClasses(
                            "io.larder.server.metrics.StripedCounter",
                            "io.larder.server.metrics.ThreadStripes")
                    .allMethods()
                    .ignore();

    private static final String READS_MEMORY = "wrapItem"; // of Key

    /** Pure functions, and objects that one operation has to itself. */
    private static final ManagedStrategyGuarantee OWNED =
            forClasses(
                            "io.larder.server.memory.Slice",
                            "io.larder.server.store.DecimalText",
                            "io.larder.server.store.Key",
                            "io.larder.server.store.KeyHasher",
                            "io.larder.server.store.Mutation",
                            "io.larder.server.store.Slot",
                            "io.larder.server.store.Stream")
                    .methods(name -> !name.equals(READS_MEMORY))
                    .ignore();

    private static final Set<String> ONE_WORD =
            Set.of(
                    "getByte",
                    "getInt",
                    "getLong",
                    "getLongOpaque",
                    "getLongAcquire",
                    "putLong",
                    "putLongRelease",
                    "compareAndSetLong");

    /** What accesses one word of memory once; others may come before and after it. */
    private static final ManagedStrategyGuarantee WORDS =
            forClasses("io.larder.server.memory.HeapMemory")
                    .methods(ONE_WORD::contains)
                    .treatAsAtomic();

    private LincheckGuarantees() {}

    /** Gives a model checker all of them. */
    static ModelCheckingOptions addTo(ModelCheckingOptions options) {
        for (ManagedStrategyGuarantee guarantee : List.of(COUNTERS, OWNED, WORDS)) {
            options.addGuarantee(guarantee);
        }
        return options;
    }
}
