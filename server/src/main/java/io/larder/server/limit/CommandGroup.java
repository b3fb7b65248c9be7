package io.larder.server.limit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Commands of one kind, in every protocol: what {@code commands.disabled} turns off together, and
 * what has a rate of its own. What is about the conversation only is in none.
 */
public enum CommandGroup {
    /** Reads items. */
    READ,
    /** Stores, changes, touches and deletes items. */
    WRITE,
    /** Lists or counts keys, or takes all items. */
    SCAN,
    /** Removes many items at a stroke. */
    FLUSH,
    /** Tells figures of the server, of regions and of keys. */
    STATS,
    /** Changes a setting. */
    CONFIG_SET,
    /** Ends or pauses other connections. */
    CLIENT,
    /** Shows what happens, or records it. */
    WATCH,
    /** Writes or reads a snapshot. */
    SNAPSHOT,
    /** Takes the server out of service. */
    DRAIN,
    /** Stops the server. */
    SHUTDOWN,
    /** Looks into the store's own structure. */
    DEBUG;

    /** As a setting has it: lower case, dashes. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The group of a word; null if it is none. */
    public static @Nullable CommandGroup of(String word) {
        for (CommandGroup group : values()) {
            if (group.word().equals(word)) {
                return group;
            }
        }
        return null;
    }
}
