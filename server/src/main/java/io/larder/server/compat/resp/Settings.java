package io.larder.server.compat.resp;

import java.util.Map;

/** What clients may see and change of the settings, by Redis's names and in its units. */
public interface Settings {
    /** Nothing. */
    Settings NONE =
            new Settings() {
                @Override
                public Map<String, String> all() {
                    return Map.of();
                }

                @Override
                public void set(String name, String text) {
                    throw new IllegalArgumentException(name + " (expected: none)");
                }
            };

    /** What they are set to now. Any thread. */
    Map<String, String> all();

    /**
     * Changes one of them until the next start. Any thread.
     *
     * @param name one of {@link #all}
     * @throws IllegalArgumentException naming what was expected; nothing has changed then
     */
    void set(String name, String text);
}
