package io.larder.server.admin;

import io.larder.server.insight.HotKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The keys that are read most, the hottest first. */
final class HotKeysCommand implements AdminCommand {
    private static final int COUNT = 10;
    private static final int COUNT_MAX = 100;

    private final IntFunction<List<HotKey>> hotKeys;

    /**
     * @param hotKeys at most so many
     */
    HotKeysCommand(IntFunction<List<HotKey>> hotKeys) {
        this.hotKeys = hotKeys;
    }

    @Override
    public String name() {
        return "hotkeys";
    }

    @Override
    public String usage() {
        return "[N]";
    }

    @Override
    public String summary() {
        return "the keys that are read most of late, up to "
                + COUNT_MAX
                + "; "
                + COUNT
                + " if none"
                + " is said";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        Long wanted =
                arguments.isEmpty()
                        ? Long.valueOf(COUNT)
                        : AdminArguments.number(arguments.get(0), 1, COUNT_MAX, "count", reply);
        if (wanted == null) {
            return;
        }
        reply.beginList();
        for (HotKey hot : hotKeys.apply(wanted.intValue())) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("key", hot.key());
            fields.put("reads", hot.reads());
            fields.put("region", hot.region());
            reply.row("KEY", fields);
        }
        reply.end();
    }
}
