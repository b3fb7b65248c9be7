package io.larder.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a command tells its user while it runs, on standard error. */
public final class Progress {
    private Progress() {}

    /** Says this line as it stands. */
    public static void say(String line) {
        System.err.println(line);
    }

    /** Says one line; the format is {@link String#format}'s. */
    public static void say(String format, @Nullable Object... arguments) {
        System.err.println(String.format(Locale.ROOT, format, arguments));
    }
}
