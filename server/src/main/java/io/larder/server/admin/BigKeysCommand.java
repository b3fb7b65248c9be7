package io.larder.server.admin;

import io.larder.server.store.ScannedItem;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Finds the items with the longest values. */
final class BigKeysCommand implements AdminCommand {
    private static final int DEFAULT = 10;
    private static final int MOST = 1_000;

    /** A key, in whatever bytes, and how long its value is. */
    private static final class Big {
        final byte[] key;
        final int valueBytes;

        Big(byte[] key, int valueBytes) {
            this.key = key;
            this.valueBytes = valueBytes;
        }

        int valueBytes() {
            return valueBytes;
        }
    }

    private final ItemWalk walk;

    BigKeysCommand(ItemWalk walk) {
        this.walk = walk;
    }

    @Override
    public String name() {
        return "bigkeys";
    }

    @Override
    public String usage() {
        return "[N]";
    }

    @Override
    public String summary() {
        return "the N keys with the longest values, 10 by default; walks through all items";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        Long wanted =
                arguments.isEmpty()
                        ? Long.valueOf(DEFAULT)
                        : AdminArguments.number(arguments.get(0), 1, MOST, "count", reply);
        if (wanted == null) {
            return;
        }
        PriorityQueue<Big> biggest = new PriorityQueue<>(Comparator.comparingInt(Big::valueBytes));
        walk.begin(
                name(),
                new byte[0],
                reply,
                item -> take(biggest, item, wanted),
                () -> show(biggest, reply));
    }

    private static boolean take(PriorityQueue<Big> biggest, ScannedItem item, long wanted) {
        Big least = biggest.peek();
        if (least == null || biggest.size() < wanted || item.valueLength() > least.valueBytes) {
            byte[] key = item.key().toByteArray();
            biggest.removeIf(other -> Arrays.equals(other.key, key)); // seen twice
            biggest.add(new Big(key, item.valueLength()));
            if (biggest.size() > wanted) {
                biggest.remove();
            }
        }
        return true;
    }

    private static void show(PriorityQueue<Big> biggest, AdminReply reply) {
        reply.beginList();
        biggest.stream()
                .sorted(Comparator.comparingInt(Big::valueBytes).reversed())
                .forEach(
                        big -> {
                            Map<String, Object> fields = new LinkedHashMap<>();
                            fields.put("key", big.key);
                            fields.put("value_bytes", big.valueBytes);
                            reply.row("KEY", fields);
                        });
        reply.end();
    }
}
