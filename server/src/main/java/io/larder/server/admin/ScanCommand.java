package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.text.QuotedText;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Scan;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists keys of the default region, some at a time: first {@code CURSOR} and where the next page
 * begins, 0 at the end, then a key a line.
 */
final class ScanCommand implements AdminCommand {
    private static final int DEFAULT = 100;
    private static final int MOST = 10_000;
    private static final int BUCKETS = 4096;

    private final AdminItems items;

    ScanCommand(AdminItems items) {
        this.items = items;
    }

    @Override
    public String name() {
        return "scan";
    }

    @Override
    public String usage() {
        return "CURSOR [PREFIX] [COUNT]";
    }

    @Override
    public String summary() {
        return "a page of keys from CURSOR (0 begins), about COUNT; CURSOR 0 in the answer ends";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        Long wanted =
                arguments.size() < 3
                        ? Long.valueOf(DEFAULT)
                        : AdminArguments.number(arguments.get(2), 1, MOST, "count", reply);
        if (wanted == null) {
            return;
        }
        Scan scan = new Scan();
        scan.space = items.regions().space(RegionTable.DEFAULT_ID);
        scan.bucketsMax = BUCKETS;
        if (arguments.size() > 1) {
            byte[] prefix = arguments.get(1);
            scan.prefix.wrap(prefix, 0, prefix.length);
        }
        List<byte[]> keys = new ArrayList<>();
        String cursor = new String(arguments.get(0), UTF_8);
        try {
            scan.cursor = Long.parseUnsignedLong(cursor);
            items.store()
                    .scan(
                            scan,
                            items.nowMillis(),
                            item -> keys.add(item.key().toByteArray()) && keys.size() < wanted);
        } catch (IllegalArgumentException e) {
            reply.error("bad-cursor", cursor + " (expected: 0, or one that scan gave)");
            return;
        }
        show(Long.toUnsignedString(scan.cursor), keys, reply);
    }

    private static void show(String cursor, List<byte[]> keys, AdminReply reply) {
        if (reply.isJson()) {
            reply.figure("cursor", cursor);
            reply.figure("keys", keys);
        } else {
            reply.line("CURSOR " + cursor);
            keys.forEach(key -> reply.line(QuotedText.answer(key)));
        }
        reply.end();
    }
}
