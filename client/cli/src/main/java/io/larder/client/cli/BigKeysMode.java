package io.larder.client.cli;

import io.larder.client.Larder;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.protocol.text.QuotedText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * {@code cli --bigkeys}: the keys with the longest values of the default region, and how long
 * values are altogether. It reads every value, a few at a time, and each of that counts as a read.
 */
final class BigKeysMode {
    private static final int SHOWN = 20;
    private static final int READ_TOGETHER = 32;

    private final Larder larder;
    private final PrintWriter out;
    private final PriorityQueue<Found> longest =
            new PriorityQueue<>(Comparator.comparingLong(Found::bytes));
    private long items;
    private long bytes;

    private record Found(String key, long bytes) {}

    BigKeysMode(Larder larder, PrintWriter out) {
        this.larder = larder;
        this.out = out;
    }

    /** Looks at all keys with this prefix and prints what it found. Locking: blocks. */
    void run(byte[] prefix) {
        ScanPage page = new ScanPage(List.of(), ScanPage.START);
        do {
            page = larder.cache().scan(prefix, page.nextCursor(), 0);
            for (int from = 0; from < page.keys().size(); from += READ_TOGETHER) {
                int to = Math.min(page.keys().size(), from + READ_TOGETHER);
                look(page.keys().subList(from, to));
            }
        } while (!page.isLast());
        print();
    }

    private void look(List<byte[]> keys) {
        List<Optional<StoredValue>> values = larder.cache().getAllStored(keys);
        for (int i = 0; i < keys.size(); i++) {
            if (values.get(i).isPresent()) {
                String key = QuotedText.answer(keys.get(i));
                add(new Found(key, values.get(i).get().bytes().length));
            }
        }
    }

    private void add(Found found) {
        items++;
        bytes += found.bytes();
        longest.add(found);
        if (longest.size() > SHOWN) {
            longest.remove();
        }
    }

    private void print() {
        List<Found> shown = new ArrayList<>(longest);
        shown.sort(Comparator.comparingLong(Found::bytes).reversed());
        for (Found found : shown) {
            out.println(String.format(Locale.ROOT, "%12d %s", found.bytes(), found.key()));
        }
        out.println(
                String.format(
                        Locale.ROOT,
                        "%d values, %d bytes, %.1f on average",
                        items,
                        bytes,
                        items == 0 ? 0 : (double) bytes / items));
        out.flush();
    }
}
