package io.larder.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks after files and tells when they have changed: once they have been the same for two looks,
 * so that of several that belong together none is read before the others are there. Any thread may
 * call anything; has a thread of its own, on which it tells.
 */
public final class FileWatch implements AutoCloseable {
    /** How often it looks. */
    public static final long PERIOD_MILLIS = 500;

    private final ScheduledExecutorService thread;
    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final Consumer<Throwable> onFault;

    /**
     * @param onFault told of what a listener throws
     */
    public FileWatch(Consumer<Throwable> onFault) {
        this.onFault = onFault;
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread created = new Thread(task, "larder-files");
                            created.setDaemon(true);
                            return created;
                        });
        var unused =
                thread.scheduleWithFixedDelay(
                        this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Looks after these files, as they are now, from now on. */
    public void add(List<Path> files, Runnable onChanged) {
        watched.add(new Watched(List.copyOf(files), onChanged));
    }

    private void look() {
        for (Watched each : watched) {
            try {
                each.look();
            } catch (RuntimeException | Error e) {
                onFault.accept(e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Files that belong together. Belongs to the thread, once made. */
    private static final class Watched {
        private final List<Path> files;
        private final Runnable onChanged;
        private List<String> told;
        private @Nullable List<String> changing; // as they were at the last look

        Watched(List<Path> files, Runnable onChanged) {
            this.files = files;
            this.onChanged = onChanged;
            this.told = stamps();
        }

        void look() {
            List<String> now = stamps();
            if (now.equals(told)) {
                changing = null;
            } else if (now.equals(changing)) {
                told = now;
                changing = null;
                onChanged.run();
            } else {
                changing = now;
            }
        }

        private List<String> stamps() {
            List<String> stamps = new ArrayList<>();
            for (Path file : files) {
                try {
                    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                    stamps.add(now.lastModifiedTime() + " " + now.size() + ' ' + now.fileKey());
                } catch (IOException e) {
                    stamps.add("absent");
                }
            }
            return stamps;
        }
    }
}
