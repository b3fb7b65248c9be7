package io.larder.server.metrics;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Lines about those who knock, so many a second at most: whoever knocks often enough would fill the
 * disk. What is left out is counted in the next line. Any thread.
 *
 * <p>Locking: this object's monitor; the line is logged outside.
 */
public final class RefusalLog {
    /** Lines in a second. */
    static final int LINES_PER_SECOND_MAX = 20;

    private static final int CHARACTERS_MAX = 400;

    private final Logger log;
    private long secondNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(1); // guarded by this
    private int lines; // guarded by this
    private long leftOut; // guarded by this

    /** Lines of this logger. */
    public RefusalLog(Logger log) {
        this.log = log;
    }

    /** Says that somebody was refused, unless too much was said. */
    public void warn(String text) {
        String line = line(text);
        if (line != null) {
            log.warn("{}", line);
        }
    }

    /** Says that somebody was let in, unless too much was said. */
    public void info(String text) {
        String line = line(text);
        if (line != null) {
            log.info("{}", line);
        }
    }

    private @Nullable String line(String text) {
        long omitted;
        synchronized (this) {
            long now = System.nanoTime();
            if (now - secondNanos >= TimeUnit.SECONDS.toNanos(1)) {
                secondNanos = now;
                lines = 0;
            }
            if (++lines > LINES_PER_SECOND_MAX) {
                leftOut++;
                return null;
            }
            omitted = leftOut;
            leftOut = 0;
        }
        return omitted == 0
                ? oneLine(text)
                : oneLine(text) + " (" + omitted + " lines were left out before)";
    }

    /** What came from outside may not look like a line of its own. */
    private static String oneLine(String text) {
        String cut =
                text.length() > CHARACTERS_MAX ? text.substring(0, CHARACTERS_MAX) + '…' : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
