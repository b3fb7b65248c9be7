package io.larder.client.net;

import io.larder.protocol.Opcode;
import java.util.Optional;

/** Calls for tests of what handles calls. */
final class Calls {
    private Calls() {}

    /** A GET made at time 0 that times out at {@code deadlineNanos}. */
    static Call<Optional<byte[]>> get(long deadlineNanos) {
        Request request = Request.of(Opcode.GET, 0, Region.DEFAULT, null, new byte[] {'k'});
        return Call.of(request, ReplyReaders.VALUE, 0, deadlineNanos);
    }
}
