package io.larder.client.net;

import io.larder.client.api.ProtocolViolationException;
import io.larder.client.api.ScanPage;

/** A place in a scan of several servers, one after the other. Stateless. */
/*
 *   63        56 55                                  0
 *  +------------+-------------------------------------+
 *  |  server 8  |  the server's own cursor            |
 *  +------------+-------------------------------------+
 *
 * The protocol keeps the 8 highest bits of a server's cursor free for this.
 */
final class ServersCursor {
    private static final int SERVER_SHIFT = 56;
    private static final long WITHIN_MASK = (1L << SERVER_SHIFT) - 1;

    private ServersCursor() {}

    /** Which server is to be asked next, 0 to 255. */
    static int server(long cursor) {
        return (int) (cursor >>> SERVER_SHIFT);
    }

    /** What it is to be asked with. */
    static long within(long cursor) {
        return cursor & WITHIN_MASK;
    }

    /**
     * A server's page as one of all servers: its last is followed by the first of the next.
     *
     * @throws ProtocolViolationException if the server's cursor leaves no room
     */
    static ScanPage widen(ScanPage page, int server, int servers) {
        long next = page.nextCursor();
        if (next != within(next)) {
            throw new ProtocolViolationException(
                    "cursor: 0x" + Long.toHexString(next) + " (expected: of 56 bits)", null, false);
        }
        if (!page.isLast()) {
            return new ScanPage(page.keys(), (long) server << SERVER_SHIFT | next);
        }
        boolean isEnd = server + 1 == servers;
        long following = isEnd ? ScanPage.START : (long) (server + 1) << SERVER_SHIFT;
        return new ScanPage(page.keys(), following);
    }
}
