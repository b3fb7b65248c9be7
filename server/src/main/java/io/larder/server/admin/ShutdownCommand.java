package io.larder.server.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stops the server, where that is allowed. */
final class ShutdownCommand implements AdminCommand {
    private final @Nullable Runnable shutdown;

    /**
     * @param shutdown begins to stop the server and returns; null if it is not allowed
     */
    ShutdownCommand(@Nullable Runnable shutdown) {
        this.shutdown = shutdown;
    }

    @Override
    public String name() {
        return "shutdown";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "stops the server, if admin.shutdown = true";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (shutdown == null) {
            reply.error("disabled", "admin.shutdown = false (expected: true, set at the start)");
            return;
        }
        reply.ok();
        reply.closeConnection();
        shutdown.run();
    }
}
