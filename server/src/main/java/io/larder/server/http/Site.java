package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;

import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.DisabledCommands;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages and streams by their paths. For any thread. */
final class Site {
    /** Characters of a path that an error repeats. */
    private static final int ECHO_LENGTH = 64;

    /** Where files lie that only another page has use for. */
    static final String UNLISTED = "/console/";

    private static final String METRICS = "/metrics";
    private static final String FIGURES = "/api/";

    private final Map<String, Page> pages;
    private final Map<String, StreamPage> streams;
    private final DisabledCommands disabled;

    /**
     * @param pages in the order in which they are listed; those of {@link #UNLISTED} are not
     */
    Site(Map<String, Page> pages, Map<String, StreamPage> streams, DisabledCommands disabled) {
        this.disabled = disabled;
        this.pages = pages;
        this.streams = streams;
    }

    /**
     * The stream at a path; null if there is none.
     *
     * @param target as for {@link #answer}
     */
    @Nullable StreamPage stream(String target) {
        String path = path(target);
        return disabled.has(group(path)) ? null : streams.get(path);
    }

    /** Whether there is a page or a stream at a path, a target's. */
    boolean has(String path) {
        return pages.containsKey(path) || streams.containsKey(path);
    }

    /**
     * The page at a path, or what there is instead.
     *
     * @param target a request's: a path and perhaps a query, which no page has use for
     * @param maySee which pages whoever asks may see
     */
    Answer answer(String target, Predicate<String> maySee) throws IOException {
        String path = path(target);
        if (disabled.refuses(group(path))) {
            return Answer.line(FORBIDDEN, "turned off by commands.disabled: " + printable(path));
        }
        Page page = pages.get(path);
        if (page != null) {
            return page.make(maySee);
        }
        if (streams.containsKey(path)) {
            return new Answer(OK, EventStream.CONTENT_TYPE, new byte[0]); // to HEAD
        }
        return Answer.line(
                NOT_FOUND, "no such page: " + printable(path) + " (expected: " + paths() + ")");
    }

    /** What a page is turned off with; null if it is not. */
    private @Nullable CommandGroup group(String path) {
        if (streams.containsKey(path)) {
            return CommandGroup.WATCH;
        }
        return path.equals(METRICS) || path.startsWith(FIGURES) ? CommandGroup.STATS : null;
    }

    /** The path of a target. */
    static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private String paths() {
        return Stream.concat(pages.keySet().stream(), streams.keySet().stream())
                .filter(path -> !path.startsWith(UNLISTED))
                .collect(Collectors.joining(", "));
    }

    private static String printable(String path) {
        StringBuilder text = new StringBuilder();
        path.codePoints()
                .limit(ECHO_LENGTH)
                .forEach(c -> text.appendCodePoint(c > ' ' && c < 0x7F ? c : '?'));
        return path.codePointCount(0, path.length()) > ECHO_LENGTH ? text + "..." : text.toString();
    }
}
