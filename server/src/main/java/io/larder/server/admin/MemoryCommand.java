package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.MemoryLimit;
import io.larder.server.config.SizeType;
import io.larder.server.store.MemoryStatus;
import java.util.List;

/** Shows the memory limit and what is made of it, after changing it if a limit is given. */
final class MemoryCommand implements AdminCommand {
    private final MemoryControl memory;

    MemoryCommand(MemoryControl memory) {
        this.memory = memory;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String usage() {
        return "[LIMIT]";
    }

    @Override
    public String summary() {
        return "the memory limit, until the next start changed to LIMIT, as STAT name value";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        MemoryStatus status = memory.status();
        if (!arguments.isEmpty()) {
            String text = new String(arguments.get(0), UTF_8);
            SizeType type =
                    new SizeType(
                            status.limitBytesMin(), status.limitBytesMax(), MemoryLimit.bytes());
            try {
                status = memory.limit(type.parse(text));
            } catch (IllegalArgumentException e) {
                reply.error("memory-limit", text + " (expected: " + type.expected() + ")");
                return;
            }
        }
        stat(reply, "memory_limit_bytes", status.limitBytes());
        stat(reply, "memory_limit_bytes_min", status.limitBytesMin());
        stat(reply, "memory_limit_bytes_max", status.limitBytesMax());
        stat(reply, "bytes_used", status.usedBytes());
        stat(reply, "bytes_free", status.freeBytes());
        stat(reply, "bytes_withheld", status.withheldBytes());
        stat(reply, "bytes_excess", status.excessBytes());
        reply.figure("withheld_pages", (status.givesPagesBack() ? "given-back" : "kept"));
        reply.end();
    }

    private static void stat(AdminReply reply, String name, long value) {
        reply.figure(name, value);
    }
}
