package io.larder.bench.fuzz;

import io.larder.bench.InProcess;
import io.larder.server.LarderStore;
import io.larder.server.auth.AccessControl;
import io.larder.server.command.CommandDispatcher;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.CommandServices;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.region.RegionTable;

/** What decoders and loaders work on: a small store that everybody may use. */
final class Services implements AutoCloseable {
    private static final long MEMORY_BYTES = 16 << 20;

    private final InProcess process = new InProcess(MEMORY_BYTES);
    final UncaughtErrors errors = process.errors();
    final RegionTable regions = process.regions();
    final LarderStore store = process.store();
    final CommandServices commands =
            process.services(
                    AccessControl.open(), CommandLimits.DEFAULT.withValueBytesMax(1 << 21));
    final CommandDispatcher dispatcher = new CommandDispatcher(commands);

    @Override
    public void close() {
        process.close();
    }
}
