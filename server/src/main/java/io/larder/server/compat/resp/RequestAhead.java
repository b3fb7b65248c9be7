package io.larder.server.compat.resp;

import io.larder.server.compat.Digits;
import io.larder.server.compat.KeyRow;
import io.larder.server.store.Key;
import io.netty.buffer.ByteBuf;

/**
 * Finds the first arguments, mostly keys, of requests that follow each other in the input. A hint:
 * what is no key costs a lookup in vain. One event loop.
 */
final class RequestAhead {
    private static final int NOWHERE = -1;

    private final KeyRow row;
    private final Digits digits = new Digits();
    private int value; // that readLine has found

    RequestAhead(KeyRow row) {
        this.row = row;
    }

    /** Fills the row from a request's begin on. */
    void fill(ByteBuf in, int from) {
        row.clear();
        int at = from;
        while (at != NOWHERE && !row.isFull()) {
            at = take(in, at);
        }
        row.load();
    }

    /** Where the next request begins. */
    private int take(ByteBuf in, int from) {
        int at = readLine(in, from, '*');
        int arguments = value;
        if (at == NOWHERE || arguments < 2 || arguments > KeyRow.KEYS_MAX) {
            return NOWHERE;
        }
        for (int i = 0; i < arguments; i++) {
            at = readLine(in, at, '$');
            if (at == NOWHERE || value > in.writerIndex() - at - 2) {
                return NOWHERE;
            }
            if (i == 1 && value > 0 && value <= Key.BYTES_MAX) {
                row.add(in, at, value);
            }
            at += value + 2;
        }
        return at;
    }

    private int readLine(ByteBuf in, int from, char sign) {
        if (from >= in.writerIndex() || in.getByte(from) != sign) {
            return NOWHERE;
        }
        int limit = Math.min(in.writerIndex(), from + 12);
        int at = from + 1;
        while (at < limit && in.getByte(at) != '\r') {
            at++;
        }
        if (at + 1 >= in.writerIndex() || !digits.readUnsigned(in, from + 1, at - from - 1)) {
            return NOWHERE;
        }
        long number = digits.value();
        value = number >= 0 && number < Integer.MAX_VALUE ? (int) number : Integer.MAX_VALUE;
        return at + 2;
    }
}
