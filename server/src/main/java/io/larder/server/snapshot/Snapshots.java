package io.larder.server.snapshot;

import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.SnapshotSource;
import io.larder.server.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may ask for: a snapshot into a file, or one's items back. One at a time, on a
 * thread of its own, in one directory; a name can lead nowhere else. Any thread may call anything.
 */
public final class Snapshots implements AutoCloseable {
    /** What is asked for cannot be begun: the message says why and what was expected. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * What it works on.
     *
     * @param source whose items a snapshot holds
     * @param store where a restore puts them
     * @param clock the store's time
     * @param regions names and spaces
     * @param errors told of what nobody expected
     */
    public record Services(
            SnapshotSource source,
            Store store,
            Clock clock,
            RegionTable regions,
            UncaughtErrors errors) {}

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final int CLOSE_MILLIS_MAX = 10_000;

    private final Services services;
    private final @Nullable Path directory;
    private @Nullable Thread worker; // guarded by this
    private volatile String status = "none";

    /** Something that ends with a line for people. */
    @FunctionalInterface
    private interface Work {
        String run() throws IOException;
    }

    /**
     * @param directory where the files are; null: everything is refused
     */
    public Snapshots(Services services, @Nullable Path directory) {
        this.services = services;
        this.directory = directory;
    }

    /**
     * Begins a snapshot into {@code name}, which it replaces once it is complete.
     *
     * @throws RefusedException if there is no directory, another one is under way, or the name is
     *     none
     */
    public void take(String name) throws RefusedException {
        Path file = fileOf(name);
        begin("snapshot " + name, () -> take(file));
    }

    /**
     * Begins to store the items of {@code name} again: those that have not expired and whose keys
     * are absent. The file is checked as a whole first.
     *
     * @throws RefusedException if there is no directory, another one is under way, or the file is
     *     not there
     */
    public void restore(String name) throws RefusedException {
        Path file = fileOf(name);
        if (!Files.isRegularFile(file)) {
            throw new RefusedException("file: " + name + " (expected: one in snapshot.directory)");
        }
        begin("restore " + name, () -> restore(file));
    }

    /** How the last one ended, or that it is running, in one line. */
    public String status() {
        return status;
    }

    private Path fileOf(String name) throws RefusedException {
        if (directory == null) {
            throw new RefusedException("snapshot.directory: not set (expected: a directory)");
        }
        if (!NAME.matcher(name).matches()) {
            throw new RefusedException("file: " + name + " (expected: " + NAME.pattern() + ")");
        }
        return directory.resolve(name);
    }

    private synchronized void begin(String what, Work work) throws RefusedException {
        if (worker != null && worker.isAlive()) {
            throw new RefusedException(status + " (expected: one at a time)");
        }
        status = what + " running";
        Thread thread = new Thread(() -> run(what, work), "larder-snapshot");
        thread.setDaemon(true);
        worker = thread;
        thread.start();
    }

    private void run(String what, Work work) {
        long begin = System.nanoTime();
        try {
            String outcome = work.run();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            status = what + " done " + outcome + " millis=" + millis;
        } catch (IOException e) {
            status = what + " failed " + textOf(e);
        } catch (RuntimeException | Error e) {
            services.errors().record(e);
            status = what + " failed " + textOf(e);
        }
    }

    /** In one line. */
    private static String textOf(Throwable error) {
        return error.toString().replaceAll("\\p{Cntrl}", "?");
    }

    private String take(Path file) throws IOException {
        long nowMillis = services.clock().nowMillis();
        try (SnapshotWriter writer = new SnapshotWriter(file, nowMillis, this::names)) {
            long omitted = services.source().snapshot(nowMillis, services.regions(), writer);
            writer.commit();
            return "items=" + writer.items() + " omitted=" + omitted + " bytes=" + Files.size(file);
        }
    }

    /** The regions' names by their present spaces. */
    private Map<Integer, String> names() {
        Map<Integer, String> names = new HashMap<>();
        List<String> byId = services.regions().names();
        for (int id = 0; id < byId.size(); id++) {
            names.put(services.regions().space(id), byId.get(id));
        }
        return names;
    }

    private String restore(Path file) throws IOException {
        SnapshotReader reader = new SnapshotReader(file);
        long items = reader.read((block, length, count) -> {});
        SnapshotLoader loader =
                new SnapshotLoader(services.store(), services.clock(), spacesOf(reader.names()));
        reader.read(loader);
        return "items=" + items + ' ' + loader.summary();
    }

    /** The present spaces of regions that a file knows by other ones. */
    private Map<Integer, Integer> spacesOf(Map<Integer, String> names) throws IOException {
        Map<Integer, Integer> spaces = new HashMap<>();
        for (Map.Entry<Integer, String> entry : names.entrySet()) {
            try {
                int id = services.regions().open(entry.getValue());
                spaces.put(entry.getKey(), services.regions().space(id));
            } catch (RegionLimitException | IllegalArgumentException e) {
                throw new SnapshotException(String.valueOf(e.getMessage()));
            }
        }
        return spaces;
    }

    /** Ends what is running; a snapshot then leaves nothing. Locking: waits for it. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            running = worker;
        }
        if (running != null) {
            running.interrupt();
            try {
                running.join(CLOSE_MILLIS_MAX);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
