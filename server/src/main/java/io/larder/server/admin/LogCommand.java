package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.Keys;
import io.larder.server.config.LiveConfiguration;
import java.util.List;

/** Sets what is logged. */
final class LogCommand implements AdminCommand {
    private final LiveConfiguration configuration;

    LogCommand(LiveConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public String usage() {
        return "level LEVEL";
    }

    @Override
    public String summary() {
        return "sets what is logged: error, warn, info, debug or trace; the same as config set log.level";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        String what = new String(arguments.get(0), UTF_8);
        if (!what.equals("level")) {
            reply.error("wrong-arguments", what + " (expected: log level LEVEL)");
            return;
        }
        ConfigCommand.set(
                configuration, Keys.LOG_LEVEL.name(), new String(arguments.get(1), UTF_8), reply);
    }
}
