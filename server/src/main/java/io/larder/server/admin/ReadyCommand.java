package io.larder.server.admin;

import io.larder.server.net.Readiness;
import java.util.List;

/** Says whether the server wants clients, and if not, why: {@code READY} or an error. */
final class ReadyCommand implements AdminCommand {
    private final Readiness readiness;

    ReadyCommand(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public String name() {
        return "ready";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "whether the server wants clients: OK, or ERROR not-ready and why";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        Readiness.State state = readiness.state();
        if (state.isReady()) {
            reply.ok();
        } else {
            reply.error(
                    "not-ready",
                    state.phase().word()
                            + ' '
                            + Math.round(state.progress() * 100)
                            + "%: "
                            + state.phase().reason()
                            + " (expected: ready)");
        }
    }
}
