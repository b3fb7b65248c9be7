package io.larder.server.config;

import org.jspecify.annotations.Nullable;

/** Finds what somebody may have meant: the known name that the fewest edits lead to. */
final class NearestName {
    private NearestName() {}

    /** The nearest of {@code names}; null if even that is far off. */
    static @Nullable String of(String mistyped, Iterable<String> names) {
        String nearest = null;
        int least = Math.max(3, mistyped.length() / 2);
        for (String name : names) {
            int edits = edits(mistyped, name);
            if (edits < least) {
                least = edits;
                nearest = name;
            }
        }
        return nearest;
    }

    /** The Levenshtein distance, with one row of its table. */
    private static int edits(String source, String target) {
        int[] row = new int[target.length() + 1];
        for (int j = 0; j <= target.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= source.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= target.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (source.charAt(i - 1) == target.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[target.length()];
    }
}
