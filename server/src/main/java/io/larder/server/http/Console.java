package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The console: a page at {@code /} and the files it is made of, from this jar. They ask {@code
 * /api/…} for what they show. Read once, never changed; for any thread.
 */
final class Console {
    /** Where the files lie, beside this class. */
    static final String DIRECTORY = "console/";

    /** The page itself. */
    static final String INDEX = "index.html";

    /** Every file the page may ask for, by its path below {@code /console/}. */
    static final List<String> FILES =
            List.of(
                    "chart.js",
                    "console.css",
                    "curve.js",
                    "dom.js",
                    "events.js",
                    "feed.js",
                    "figures.js",
                    "history.js",
                    "icon.svg",
                    "main.js",
                    "memory.js",
                    "shards.js",
                    "tables.js",
                    "text.js",
                    "theme.js",
                    "traffic.js",
                    "vendor/uPlot.esm.js",
                    "vendor/uPlot.min.css",
                    "vendor/uPlot.LICENSE");

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml",
                    "LICENSE", "text/plain; charset=utf-8");

    private Console() {}

    /** The pages by their paths. */
    static Map<String, Page> pages() {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/", page(INDEX));
        for (String file : FILES) {
            pages.put("/console/" + file, page(file));
        }
        return pages;
    }

    private static Page page(String file) {
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException(file + ": of no type that is known");
        }
        Answer answer = new Answer(OK, type, read(DIRECTORY + file));
        return () -> answer;
    }

    private static byte[] read(String resource) {
        try (InputStream input = Console.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new IllegalStateException(resource + ": not in the jar");
            }
            return input.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
