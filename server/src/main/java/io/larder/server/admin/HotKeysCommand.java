package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.insight.HotKey;
import io.larder.server.insight.HotKind;
import io.larder.server.insight.KeyInsight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys that are used most, the hottest first. */
final class HotKeysCommand implements AdminCommand {
    private static final int COUNT = 10;
    private static final int COUNT_MAX = 100;
    private static final String KINDS =
            Arrays.stream(HotKind.values()).map(HotKind::word).collect(Collectors.joining("|"));

    private final KeyInsight insight;

    HotKeysCommand(KeyInsight insight) {
        this.insight = insight;
    }

    @Override
    public String name() {
        return "hotkeys";
    }

    @Override
    public String usage() {
        return "[N] [" + KINDS + "]";
    }

    @Override
    public String summary() {
        return "the keys that are used most of late, up to "
                + COUNT_MAX
                + "; "
                + COUNT
                + " and by reads if"
                + " nothing is said";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        List<byte[]> words = new ArrayList<>(arguments);
        HotKind kind = words.isEmpty() ? HotKind.READ : kind(words.get(words.size() - 1));
        if (kind != null && !words.isEmpty()) {
            words.remove(words.size() - 1);
        } else if (words.size() == 2) {
            String word = new String(words.get(1), UTF_8);
            reply.error("bad-kind", word + " (expected: " + KINDS + ")");
            return;
        }
        Long wanted =
                words.isEmpty()
                        ? Long.valueOf(COUNT)
                        : AdminArguments.number(words.get(0), 1, COUNT_MAX, "count", reply);
        if (wanted != null) {
            show(kind == null ? HotKind.READ : kind, wanted.intValue(), reply);
        }
    }

    private static @Nullable HotKind kind(byte[] word) {
        String text = new String(word, UTF_8);
        return Arrays.stream(HotKind.values())
                .filter(kind -> kind.word().equals(text))
                .findFirst()
                .orElse(null);
    }

    private void show(HotKind kind, int count, AdminReply reply) {
        reply.beginList();
        for (HotKey hot : insight.hotKeys(kind, count)) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("key", hot.key());
            fields.put(kind.amounts(), hot.amount());
            fields.put("region", hot.region());
            reply.row("KEY", fields);
        }
        reply.end();
    }
}
