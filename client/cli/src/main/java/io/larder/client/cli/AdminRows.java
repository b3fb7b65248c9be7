package io.larder.client.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks the admin for a table, lines {@code HEAD name=value name=value}. Stateless. */
final class AdminRows {
    private AdminRows() {}

    /**
     * The numbers of each row, by the row's first value. For tables whose values have no blanks.
     *
     * <p>Locking: blocks.
     */
    static Map<String, Figures> of(AdminConnection admin, String command) throws IOException {
        Map<String, Figures> rows = new LinkedHashMap<>();
        for (String line : admin.lines(command)) {
            Map<String, String> texts = new LinkedHashMap<>();
            String first = "";
            for (String word : line.split(" ", -1)) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    first = texts.isEmpty() ? word.substring(equals + 1) : first;
                    texts.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            rows.put(first, Figures.of(texts, System.nanoTime()));
        }
        return rows;
    }
}
