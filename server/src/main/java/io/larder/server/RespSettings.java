package io.larder.server;

import io.larder.server.compat.resp.Settings;
import io.larder.server.config.ConfigException;
import io.larder.server.config.Configuration;
import io.larder.server.config.Keys;
import io.larder.server.config.LiveConfiguration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Those of Larder's settings that Redis has names for. Any thread. */
final class RespSettings implements Settings {
    private static final String MEMORY = "maxmemory";
    private static final String IDLE_SECONDS = "timeout";
    private static final String CONNECTIONS = "maxclients";

    private final LiveConfiguration configuration;

    RespSettings(LiveConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public Map<String, String> all() {
        Configuration present = configuration.present();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(MEMORY, Long.toString(present.get(Keys.STORE_MEMORY)));
        settings.put(IDLE_SECONDS, Long.toString(present.get(Keys.IDLE_TIMEOUT) / 1000));
        settings.put(CONNECTIONS, Integer.toString(present.get(Keys.CONNECTIONS)));
        return settings;
    }

    @Override
    public void set(String name, String text) {
        try {
            switch (name) {
                case MEMORY -> change(Keys.STORE_MEMORY.name(), size(text));
                case IDLE_SECONDS -> change(Keys.IDLE_TIMEOUT.name(), text + "s");
                case CONNECTIONS -> change(Keys.CONNECTIONS.name(), text);
                default ->
                        throw new IllegalArgumentException(
                                name + " (expected: one of " + all().keySet() + ")");
            }
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private void change(String key, String text) {
        configuration.set(key, text, "a client of Redis's protocol");
    }

    /** Redis has {@code 64mb} for what is {@code 64m} here. */
    private static String size(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.matches("[0-9]+[kmg]b") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
