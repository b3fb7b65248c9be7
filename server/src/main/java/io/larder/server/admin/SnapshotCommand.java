package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.snapshot.Snapshots;
import java.util.List;

/** Begins a snapshot, or says what became of the last one or restore. */
final class SnapshotCommand implements AdminCommand {
    private final Snapshots snapshots;

    SnapshotCommand(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public String name() {
        return "snapshot";
    }

    @Override
    public String usage() {
        return "[FILE]";
    }

    @Override
    public String summary() {
        return "begins a snapshot into FILE of snapshot.directory; without it, how the last went";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (arguments.isEmpty()) {
            reply.line(snapshots.status());
            reply.end();
            return;
        }
        try {
            snapshots.take(new String(arguments.get(0), UTF_8));
            reply.ok();
        } catch (Snapshots.RefusedException e) {
            reply.error("snapshot-refused", String.valueOf(e.getMessage()));
        }
    }
}
