package io.larder.bench.linearizable;

import io.larder.bench.AdminLines;
import io.larder.bench.BenchException;
import io.larder.bench.linearizable.Endpoint.Life;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has the server's memory limit go up and down by its telnet admin, between what it is at first and
 * {@code store.memory.max}, while clients call.
 */
final class LimitChanges extends Companion {
    private static final long PERIOD_MILLIS = 200;
    private static final Pattern FIGURE = Pattern.compile("STAT (memory_limit_bytes\\w*) (\\d+)");

    private final Endpoint endpoint;
    private long lowBytes; // the thread's
    private long highBytes; // so
    private final LongAdder changes = new LongAdder();

    private LimitChanges(Endpoint endpoint) {
        super("limit");
        this.endpoint = endpoint;
    }

    static LimitChanges start(Endpoint endpoint) {
        LimitChanges limits = new LimitChanges(endpoint);
        limits.start();
        return limits;
    }

    @Override
    void work() throws IOException, InterruptedException {
        while (!isClosed()) {
            Life life = endpoint.await();
            try {
                change(life);
            } catch (IOException e) {
                endpoint.requireOver(life, e);
            }
        }
    }

    private void change(Life life) throws IOException, InterruptedException {
        try (AdminLines admin = AdminLines.connect(life.admin())) {
            if (highBytes == 0) {
                learnBounds(admin);
            }
            for (boolean raises = true; !isClosed() && !endpoint.isOver(life); raises = !raises) {
                String answer = last(admin.ask("limit " + (raises ? highBytes : lowBytes)));
                if (!answer.equals("OK")) {
                    throw new IOException("limit: " + answer + " (expected: OK)");
                }
                changes.increment();
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        }
    }

    private void learnBounds(AdminLines admin) throws IOException {
        for (String line : admin.ask("memory")) {
            Matcher figure = FIGURE.matcher(line);
            if (figure.matches() && figure.group(1).equals("memory_limit_bytes")) {
                lowBytes = Long.parseLong(figure.group(2));
            } else if (figure.matches() && figure.group(1).equals("memory_limit_bytes_max")) {
                highBytes = Long.parseLong(figure.group(2));
            }
        }
        if (highBytes <= lowBytes) {
            throw new IOException(
                    "store.memory.max: " + highBytes + " (expected: more than " + lowBytes + ")");
        }
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    /**
     * Ends it, and tells how often the limit was changed. Locking: blocks.
     *
     * @throws BenchException if a change has failed
     */
    long end() {
        join();
        return changes.sum();
    }
}
