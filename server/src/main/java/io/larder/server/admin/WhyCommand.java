package io.larder.server.admin;

import io.larder.server.net.ConnectionFigures;
import io.larder.server.net.ConnectionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Fate;
import io.larder.server.store.Fate.Reason;
import io.larder.server.store.Mutation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says in one line why a key of the default region is not there, or that it is: a word, and what is
 * known beside it.
 */
final class WhyCommand implements AdminCommand {
    private final KeyFates fates;
    private final ConnectionTable connections;

    WhyCommand(KeyFates fates, ConnectionTable connections) {
        this.fates = fates;
        this.connections = connections;
    }

    @Override
    public String name() {
        return "why";
    }

    @Override
    public String usage() {
        return "KEY";
    }

    @Override
    public String summary() {
        return "what became of a key: live, overwritten, evicted, expired, deleted, cleared,"
                + " never-set, or not-recorded if that is not known any more";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        byte[] key = arguments.get(0);
        if (!AdminItems.isKey(key, reply)) {
            return;
        }
        Fate fate = fates.of(key);
        Map<String, Object> fields = fields(fate);
        if (reply.isJson()) {
            reply.figure("fate", fate.kind().word());
            fields.forEach(reply::figure);
        } else {
            reply.row(fate.kind().word(), fields);
        }
        reply.end();
    }

    private Map<String, Object> fields(Fate fate) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (fate.atMillis() != Fate.UNKNOWN) {
            fields.put("at", Instant.ofEpochMilli(Clock.EPOCH_UNIX_MILLIS + fate.atMillis()));
        }
        if (fate.reason() != Reason.NONE) {
            fields.put("by", fate.reason().word());
        }
        switch (fate.kind()) {
            case EVICTED -> fields.put("segments_free", fate.segmentsFree());
            case DELETED, OVERWRITTEN -> addAuthor(fate.author(), fields);
            default -> {} // nobody's deed
        }
        return fields;
    }

    private void addAuthor(long author, Map<String, Object> fields) {
        if (author == Mutation.OPERATOR) {
            fields.put("by", "operator");
        } else if (author != Mutation.NOBODY) {
            fields.put("by", "connection");
            fields.put("connection", author);
            connections.open().stream()
                    .filter(connection -> connection.id() == author)
                    .findFirst()
                    .map(ConnectionFigures::address)
                    .ifPresent(address -> fields.put("address", address));
        }
    }
}
