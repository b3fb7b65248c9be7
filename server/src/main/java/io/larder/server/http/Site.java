package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;

import java.io.IOException;
import java.util.Map;

/** The pages by their paths. For any thread. */
final class Site {
    /** Characters of a path that an error repeats. */
    private static final int ECHO_LENGTH = 64;

    private final Map<String, Page> pages;

    /**
     * @param pages in the order in which they are listed
     */
    Site(Map<String, Page> pages) {
        this.pages = pages;
    }

    /**
     * The page at a path, or what there is instead.
     *
     * @param target a request's: a path and perhaps a query, which no page has use for
     */
    Answer answer(String target) throws IOException {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        Page page = pages.get(path);
        if (page == null) {
            return Answer.line(
                    NOT_FOUND,
                    "no such page: "
                            + printable(path)
                            + " (expected: "
                            + String.join(", ", pages.keySet())
                            + ")");
        }
        return page.make();
    }

    private static String printable(String path) {
        StringBuilder text = new StringBuilder();
        path.codePoints()
                .limit(ECHO_LENGTH)
                .forEach(c -> text.appendCodePoint(c > ' ' && c < 0x7F ? c : '?'));
        return path.codePointCount(0, path.length()) > ECHO_LENGTH ? text + "..." : text.toString();
    }
}
