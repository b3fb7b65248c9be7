package io.larder.server.compat.memcached;

import io.larder.server.compat.KeyRow;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Finds the keys of binary requests that follow each other in the input. One event loop. */
final class BinaryAhead {
    private final KeyRow row;
    private final BinaryRequest request = new BinaryRequest();

    BinaryAhead(KeyRow row) {
        this.row = row;
    }

    /** Fills the row with keys from a request on, up to one without a key. */
    void fill(ByteBuf in, int from) {
        row.clear();
        long at = from;
        while (!row.isFull() && at + BinaryRequest.HEADER_BYTES <= in.writerIndex()) {
            request.wrap(in, (int) at);
            BinaryOpcode opcode = BinaryOpcode.of(request.opcode);
            if (!isPlain(opcode) || request.valueOffset() > in.writerIndex()) {
                break;
            }
            row.add(in, request.keyOffset(), request.keyBytes);
            at += BinaryRequest.HEADER_BYTES + request.bodyBytes;
        }
        row.load();
    }

    private boolean isPlain(@Nullable BinaryOpcode opcode) {
        return opcode != null
                && opcode.hasKey()
                && request.isSound()
                && request.keyBytes > 0
                && request.keyBytes <= Memcached.KEY_BYTES_MAX;
    }
}
