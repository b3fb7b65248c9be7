package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.snapshot.Snapshots;
import java.util.List;

/** Begins to store a snapshot's items again; {@code snapshot} says how it went. */
final class RestoreCommand implements AdminCommand {
    private final Snapshots snapshots;

    RestoreCommand(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public String name() {
        return "restore";
    }

    @Override
    public String usage() {
        return "FILE";
    }

    @Override
    public String summary() {
        return "stores what a snapshot has and the store has not; see snapshot for how it went";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        try {
            snapshots.restore(new String(arguments.get(0), UTF_8));
            reply.ok();
        } catch (Snapshots.RefusedException e) {
            reply.error("restore-refused", String.valueOf(e.getMessage()));
        }
    }
}
