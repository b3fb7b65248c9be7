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
        return "[WHAT] [FILE]";
    }

    @Override
    public String summary() {
        return "begins a snapshot into FILE of snapshot.directory (save FILE), or how the last went (status)";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        List<String> words = arguments.stream().map(word -> new String(word, UTF_8)).toList();
        if (words.isEmpty() || words.equals(List.of("status"))) {
            reply.line(snapshots.status());
            reply.end();
        } else if (words.size() == 2 && words.get(0).equals("save")) {
            take(words.get(1), reply);
        } else if (words.size() == 1) {
            take(words.get(0), reply);
        } else {
            reply.error(
                    "wrong-arguments",
                    String.join(" ", words) + " (expected: snapshot save FILE or snapshot status)");
        }
    }

    private void take(String file, AdminReply reply) {
        try {
            snapshots.take(file);
            reply.ok();
        } catch (Snapshots.RefusedException e) {
            reply.error("snapshot-refused", String.valueOf(e.getMessage()));
        }
    }
}
