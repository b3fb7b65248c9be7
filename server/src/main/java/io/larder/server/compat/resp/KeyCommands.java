package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.server.compat.ScratchSink;
import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Key;
import io.larder.server.store.Scan;
import io.larder.server.store.WriteStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Commands about keys, whatever their values are. Stateless. */
final class KeyCommands {
    private static final int COUNT_DEFAULT = 10;
    private static final int COUNT_MAX = 10_000;
    private static final int BUCKETS_PER_KEY = 4;
    private static final int BUCKETS_MIN = 1024;
    private static final int RANDOM_BYTES = 16;
    private static final int EMBEDDED_BYTES_MAX = 44;

    /** What is beside key and value is told as an average, which few items have too large a one. */
    private static final int BESIDE_BYTES_MAX = 64;

    private KeyCommands() {}

    static void addTo(CommandTable table) {
        addMany(table, "del", Access.CHANGES, "Deletes keys", KeyCommands::delete);
        addMany(table, "unlink", Access.CHANGES, "Deletes keys", KeyCommands::delete);
        addMany(table, "exists", Access.READS, "Counts keys that are there", KeyCommands::exists);
        addMany(table, "touch", Access.READS, "Uses keys", KeyCommands::exists);
        table.addKeyed("type", 2, Access.READS, "Type of a value", KeyCommands::type);
        table.add("scan", -2, "Walks through the keys", KeyCommands::scan);
        table.add("randomkey", 1, "Some key", KeyCommands::random);
        table.add("dbsize", 1, "Counts all keys", KeyCommands::size);
        table.add("flushdb", -1, "Empties the cache", KeyCommands::flush);
        table.add("flushall", -1, "Empties the cache", KeyCommands::flush);
        table.add(
                new RespCommand(
                        "memory",
                        -2,
                        2,
                        2,
                        1,
                        Access.READS,
                        "Bytes of an item",
                        KeyCommands::memory));
        table.add(
                new RespCommand(
                        "object", -2, 2, 2, 1, Access.READS, "About a value", KeyCommands::object));
    }

    private static void addMany(
            CommandTable table,
            String name,
            Access access,
            String summary,
            RespCommand.Action action) {
        table.add(new RespCommand(name, -2, 1, -1, 1, access, summary, action));
    }

    private static void delete(RespTalk talk) {
        int deleted = 0;
        for (int i = 1; i < talk.count(); i++) {
            WriteStatus status = talk.items().delete(talk.key(i));
            if (status == WriteStatus.DONE) {
                deleted++;
            } else if (status != WriteStatus.MISSING) {
                talk.refuse(status);
                return;
            }
        }
        talk.reply.number(deleted);
    }

    private static void exists(RespTalk talk) {
        int found = 0;
        for (int i = 1; i < talk.count(); i++) {
            if (talk.is(0, "touch")
                    ? talk.items().look(talk.key(i).key, talk.bench.scratch)
                    : talk.items().exists(talk.key(i).key)) {
                found++;
            }
        }
        talk.reply.number(found);
    }

    private static void type(RespTalk talk) {
        talk.reply.status(talk.items().exists(talk.key(1).key) ? "string" : "none");
    }

    private static void flush(RespTalk talk) {
        boolean isPlain = talk.count() == 1;
        if (!isPlain && !(talk.count() == 2 && (talk.is(1, "async") || talk.is(1, "sync")))) {
            talk.reply.error(RespTalk.SYNTAX);
            return;
        }
        try {
            talk.services().regions().clear(RegionTable.DEFAULT_ID);
            talk.items().startBatch();
            talk.bench.row.clear();
            talk.reply.ok();
        } catch (RegionLimitException e) {
            talk.reply.error("ERR flushed too often: restart the server");
        }
    }

    private static void size(RespTalk talk) {
        RegionStats stats = talk.services().regions().stats(RegionTable.DEFAULT_NAME);
        talk.reply.number(stats == null ? 0 : stats.items());
    }

    private static void scan(RespTalk talk) {
        Scan scan = new Scan();
        boolean isNone = talk.request.length(1) == 0; // which Redis takes for 0
        if (!isNone
                && !talk.bench.digits.readUnsignedLoosely(
                        talk.request.bytes(), talk.request.offset(1), talk.request.length(1))) {
            talk.reply.error("ERR invalid cursor");
            return;
        }
        scan.cursor = isNone ? 0 : talk.number();
        GlobPattern pattern = null;
        int wanted = COUNT_DEFAULT;
        boolean isString = true;
        for (int i = 2; i < talk.count(); i += 2) {
            if (i + 1 == talk.count()) {
                talk.reply.error(RespTalk.SYNTAX);
                return;
            }
            if (talk.is(i, "match")) {
                pattern = new GlobPattern(talk.text(i + 1));
            } else if (talk.is(i, "type")) {
                isString = talk.is(i + 1, "string");
            } else if (!talk.is(i, "count")) {
                talk.reply.error(RespTalk.SYNTAX);
                return;
            } else if (!talk.readNumber(i + 1)) {
                return;
            } else if (talk.number() < 1) {
                talk.reply.error(RespTalk.SYNTAX);
                return;
            } else {
                wanted = (int) Math.min(COUNT_MAX, talk.number());
            }
        }
        List<byte[]> keys = new ArrayList<>();
        if (!step(talk, scan, wanted, keys)) {
            talk.reply.error("ERR invalid cursor");
            return;
        }
        GlobPattern glob = pattern;
        if (!isString) {
            keys.clear();
        } else if (glob != null) {
            keys.removeIf(key -> !glob.matches(key));
        }
        talk.reply.array(2);
        talk.reply.bulk(Long.toUnsignedString(scan.cursor));
        talk.reply.array(keys.size());
        keys.forEach(key -> talk.reply.bulk(key, key.length));
    }

    private static boolean step(RespTalk talk, Scan scan, int wanted, List<byte[]> keys) {
        scan.space = talk.items().space();
        scan.liveness = talk.services().regions();
        scan.bucketsMax = Math.max(BUCKETS_MIN, BUCKETS_PER_KEY * wanted);
        try {
            talk.items()
                    .store()
                    .scan(
                            scan,
                            talk.items().nowMillis(),
                            item -> {
                                if (!item.negative()) {
                                    keys.add(item.key().toByteArray());
                                }
                                return keys.size() < wanted;
                            });
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The first key from a random place on, around the end if there is none. */
    private static void random(RespTalk talk) {
        byte[] bytes = new byte[RANDOM_BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        Key place = new Key().wrap(talk.items().store().hasher(), talk.items().space(), bytes);
        Scan scan = new Scan();
        scan.cursor = talk.items().store().cursorOf(place);
        List<byte[]> keys = new ArrayList<>();
        boolean isRound = false;
        while (keys.isEmpty() && step(talk, scan, 1, keys)) {
            if (scan.cursor == Scan.END && keys.isEmpty()) {
                if (isRound) {
                    break;
                }
                isRound = true;
            }
        }
        if (keys.isEmpty()) {
            talk.reply.none();
        } else {
            talk.reply.bulk(keys.get(0), keys.get(0).length);
        }
    }

    private static void memory(RespTalk talk) {
        if (talk.is(1, "help")) {
            Documentation.writeHelp(talk.reply, "memory");
            return;
        }
        if (!talk.is(1, "usage")) {
            talk.unknownSubcommand("MEMORY");
            return;
        }
        if (talk.count() < 3) {
            talk.wrongCount("memory|usage");
            return;
        }
        for (int i = 3; i < talk.count(); i += 2) {
            if (i + 1 == talk.count() || !talk.is(i, "samples")) {
                talk.reply.error(RespTalk.SYNTAX);
                return;
            }
            if (!talk.readNumber(i + 1)) {
                return;
            }
            if (talk.number() < 0) {
                talk.reply.error(RespTalk.SYNTAX);
                return;
            }
        }
        if (!talk.items().look(talk.key(2).key, talk.bench.glance)) {
            talk.reply.none();
            return;
        }
        double beside = talk.items().store().stats().overheadBytesPerItem();
        talk.reply.number(
                talk.request.length(2)
                        + talk.bench.glance.valueBytes()
                        + Math.min(BESIDE_BYTES_MAX, Math.round(beside)));
    }

    private static void object(RespTalk talk) {
        String what = talk.lowerText(1);
        if (what.equals("help")) {
            Documentation.writeHelp(talk.reply, "object");
            return;
        }
        if (!OBJECT_FIELDS.contains(what)) {
            talk.unknownSubcommand("OBJECT");
            return;
        }
        if (!talk.hasCount("object", 3)) {
            return;
        }
        ScratchSink seen = talk.bench.glance;
        if (!talk.items().look(talk.key(2).key, seen)) {
            talk.reply.none();
            return;
        }
        switch (what) {
            case "refcount" -> talk.reply.number(1);
            case "freq" -> talk.reply.number(seen.uses());
            case "idletime" -> talk.reply.number(seen.secondsSinceWritten());
            default -> talk.reply.bulk(encoding(talk));
        }
    }

    private static final Set<String> OBJECT_FIELDS =
            Set.of("encoding", "refcount", "freq", "idletime");

    private static String encoding(RespTalk talk) {
        int bytes = talk.bench.glance.valueBytes();
        String text =
                new String(
                        talk.bench.glance.value(),
                        0,
                        Math.min(bytes, EMBEDDED_BYTES_MAX + 1),
                        ISO_8859_1);
        if (text.matches("0|-?[1-9][0-9]{0,18}")) {
            try {
                Long.parseLong(text);
                return "int";
            } catch (NumberFormatException e) {
                return "embstr";
            }
        }
        return bytes <= EMBEDDED_BYTES_MAX ? "embstr" : "raw";
    }
}
