package io.larder.client.net;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The values that are being sent in pieces on one connection, a piece of each in turn; what each
 * has sent and the socket has not is never more than a piece or two. One thread: the event loop.
 */
final class Uploads {
    /** One of them. */
    static final class Upload {
        final Call<?> call;
        final int id;
        final int deadlineMillis;

        /** Bytes of the request's body that were sent. */
        int sent;

        Upload(Call<?> call, int id, int deadlineMillis) {
            this.call = call;
            this.id = id;
            this.deadlineMillis = deadlineMillis;
        }

        boolean isOver() {
            return sent == call.request.body.length;
        }
    }

    private final ArrayDeque<Upload> uploads = new ArrayDeque<>(0);

    boolean isEmpty() {
        return uploads.isEmpty();
    }

    /** To be given its turn after the others. */
    void add(Upload upload) {
        uploads.addLast(upload);
    }

    /** Takes out the one whose turn it is; null if there is none. */
    @Nullable Upload next() {
        return uploads.pollFirst();
    }

    /** Forgets them all: their connection is gone. */
    void clear() {
        uploads.clear();
    }
}
