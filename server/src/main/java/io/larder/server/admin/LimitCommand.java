package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.Keys;
import io.larder.server.config.LiveConfiguration;
import java.util.List;

/** Changes the memory limit. */
final class LimitCommand implements AdminCommand {
    private final LiveConfiguration configuration;

    LimitCommand(LiveConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return "limit";
    }

    @Override
    public String usage() {
        return "BYTES";
    }

    @Override
    public String summary() {
        return "changes the memory limit, as 512m; the same as config set store.memory";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        ConfigCommand.set(
                configuration,
                Keys.STORE_MEMORY.name(),
                new String(arguments.get(0), UTF_8),
                reply);
    }
}
