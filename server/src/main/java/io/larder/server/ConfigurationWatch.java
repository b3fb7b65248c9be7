package io.larder.server;

import io.larder.server.config.ConfigException;
import io.larder.server.config.LiveConfiguration;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration file again when it has changed, which it looks for every {@link
 * #PERIOD_MILLIS}, and when the process gets a SIGHUP. A file in which anything is wrong changes
 * nothing, and the log says why. Has a thread of its own.
 */
final class ConfigurationWatch implements AutoCloseable {
    static final long PERIOD_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);

    /** When a file was changed last and how long it was. */
    private record Stamp(FileTime modified, long bytes) {}

    private final LiveConfiguration configuration;
    private final Path file;
    private final ScheduledExecutorService thread;
    private @Nullable Stamp seen; // of the thread

    private ConfigurationWatch(LiveConfiguration configuration, Path file) {
        this.configuration = configuration;
        this.file = file;
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread created = new Thread(task, "larder-configuration");
                            created.setDaemon(true);
                            return created;
                        });
    }

    /** Begins to look after the file, if the configuration was read from one. */
    static @Nullable ConfigurationWatch begin(LiveConfiguration configuration) {
        Path file = configuration.file();
        if (file == null) {
            return null;
        }
        ConfigurationWatch watch = new ConfigurationWatch(configuration, file);
        watch.seen = watch.stamp();
        var unused =
                watch.thread.scheduleWithFixedDelay(
                        watch::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Has a SIGHUP read the file at once, where the JVM can be told of one. */
    void onHangUp() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling =
                    Proxy.newProxyInstance(
                            ConfigurationWatch.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, arguments) -> {
                                thread.execute(this::read);
                                return null;
                            });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.info("SIGHUP does not read the configuration here: {}", e.toString());
        }
    }

    private void look() {
        Stamp present = stamp();
        if (present != null && !present.equals(seen)) {
            seen = present;
            read();
        }
    }

    private @Nullable Stamp stamp() {
        try {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        } catch (IOException e) {
            return null; // it is being replaced, or gone
        }
    }

    private void read() {
        try {
            List<String> changed = configuration.reread();
            LOG.info("{} was read: changed {}", file, changed.isEmpty() ? "nothing" : changed);
        } catch (ConfigException e) {
            LOG.error("{} changes nothing: {}", file, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} could not be read", file, e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
