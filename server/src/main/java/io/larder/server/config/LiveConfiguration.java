package io.larder.server.config;

import io.larder.server.config.ConfigKey.Effect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a running server, and the one way it changes: as a whole or not at all. For
 * any thread; changes take turns.
 */
/*
 * A change is tried on a copy of what the settings were made from: it is parsed, checked by itself
 * and together with all others, and refused if it concerns a key that takes effect at the next start
 * only. Then whoever carries changes out (`Applier`) checks it against the running server, and carries
 * it out. Only then is it the configuration that everybody sees. So a bad file, or one bad line of
 * it, changes nothing, and says why.
 */
public final class LiveConfiguration {
    /** Carries a change out. */
    public interface Applier {
        /**
         * Makes the changed keys take effect.
         *
         * @throws IllegalArgumentException naming what was expected; nothing has changed then
         */
        void apply(Configuration before, Configuration after);
    }

    /**
     * What one key is set to.
     *
     * @param origin where the value came from
     */
    public record View(ConfigKey<?> key, String text, String origin) {
        /** Whether a change takes effect at the next start only. */
        public boolean needsRestart() {
            return key.effect() == Effect.RESTART;
        }
    }

    private ConfigurationLoader loader; // guarded by this
    private volatile Configuration present;
    private volatile Applier applier = (before, after) -> {};

    /**
     * @param loader what the configuration is made from; not to be used elsewhere afterwards
     * @throws ConfigException if a setting is wrong
     */
    public LiveConfiguration(ConfigurationLoader loader) {
        this.loader = loader;
        this.present = loader.load();
    }

    /** One that begins with these settings, and has no file. */
    public static LiveConfiguration of(Configuration configuration) {
        return new LiveConfiguration(ConfigurationLoader.of(configuration));
    }

    /** Sets who carries changes out, once the server runs. */
    public void onChange(Applier newApplier) {
        applier = newApplier;
    }

    /** What holds now. */
    public Configuration present() {
        return present;
    }

    /** The file it was read from; null if from none. */
    public synchronized @Nullable Path file() {
        return loader.file();
    }

    /** Every key, those of regions of which something is set behind the others. */
    public List<View> views() {
        Configuration configuration = present;
        List<ConfigKey<?>> keys = new ArrayList<>(Keys.all());
        for (String region : new TreeSet<>(configuration.regions())) {
            keys.addAll(RegionKeys.all(region));
        }
        return keys.stream()
                .<View>map(key -> new View(key, configuration.text(key), configuration.origin(key)))
                .toList();
    }

    /**
     * Changes one key until the next start, or for longer if the file is rewritten.
     *
     * @param origin who changes it, for people
     * @throws ConfigException naming what was expected; nothing has changed then
     */
    public synchronized void set(String name, String text, String origin) {
        ConfigurationLoader changed = loader.copy();
        changed.change(new Setting(name, text, origin));
        take(changed);
    }

    /**
     * Reads the file again. What was {@link #set} since stays set.
     *
     * @return the names of the keys whose values have changed
     * @throws ConfigException naming what was expected; nothing has changed then
     */
    public synchronized List<String> reread() {
        ConfigurationLoader changed = loader.copy();
        changed.reread();
        return take(changed);
    }

    /**
     * Writes what was {@link #set} since the start into the file, so that it outlasts the process;
     * comments and all other lines stay.
     *
     * @return the names of the keys written
     * @throws ConfigException if there is no file, or it cannot be written
     */
    public synchronized List<String> rewrite() {
        Path file = loader.file();
        if (file == null) {
            throw new ConfigException(
                    "no configuration file (expected: a start with --config FILE)");
        }
        Map<String, String> changes = loader.changes();
        ConfigurationFile.rewrite(file, changes);
        loader.reread();
        loader.forgetChanges();
        present = loader.load();
        return List.copyOf(changes.keySet());
    }

    private List<String> take(ConfigurationLoader changed) {
        assert Thread.holdsLock(this);
        Configuration before = present;
        Configuration after = changed.load();
        List<ConfigKey<?>> keys = after.differences(before);
        for (ConfigKey<?> key : keys) {
            if (key.effect() == Effect.RESTART) {
                throw ConfigException.of(
                        key.name(),
                        after.text(key),
                        after.origin(key),
                        before.text(key) + " until the next start: it cannot change before");
            }
        }
        try {
            applier.apply(before, after);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        loader = changed;
        present = after;
        return keys.stream().map(ConfigKey::name).toList();
    }
}
