package io.larder.server.compat.memcached;

import io.larder.server.auth.Need;
import io.larder.server.compat.ClientLimits;
import io.larder.server.compat.Conversation;
import io.larder.server.compat.DiskWait;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.Peer;
import io.larder.server.compat.memcached.BinaryReply.Status;
import io.larder.server.limit.CommandGroup;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Talk in memcached's binary protocol. One event loop. */
final class BinaryConversation implements Conversation {
    private final Memcached memcached;
    private final Peer peer;
    private final Bench bench;
    private final DiskWait disk;
    private final ClientLimits limits;
    private final BinaryRequest request = new BinaryRequest();
    private final BinaryItems items;
    private final BinaryAuth auth;
    private final Slice key = new Slice();
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private long bytesSwallowed; // still to be, of a request that was refused
    private boolean isQuiet;
    private boolean isAdmitted; // the request has passed the limits

    BinaryConversation(Memcached memcached, Peer peer) {
        this.memcached = memcached;
        this.peer = peer;
        this.bench = memcached.bench();
        this.disk = new DiskWait(memcached.services, bench.items, peer);
        this.limits = new ClientLimits(memcached.services.shared(), peer);
        this.auth = new BinaryAuth(peer.caller());
        this.items = new BinaryItems(memcached.counts, bench, disk);
    }

    @Override
    public Stop carryOut(ByteBuf in, ByteBuf newOut) {
        if (disk.isWaiting()) {
            return Stop.AWAITS;
        }
        out = newOut;
        bench.items.startBatch();
        Stop stop = null;
        while (stop == null) {
            int skipped = (int) Math.min(bytesSwallowed, in.readableBytes());
            in.skipBytes(skipped);
            bytesSwallowed -= skipped;
            stop =
                    in.readableBytes() < BinaryRequest.HEADER_BYTES
                            ? Stop.NEEDS_INPUT
                            : out.readableBytes() >= REPLY_BYTES ? Stop.HAS_REPLIES : next(in);
        }
        bench.row.clear();
        out = Unpooled.EMPTY_BUFFER;
        return stop;
    }

    /** Carries out one request; null if there may be another one. */
    private @Nullable Stop next(ByteBuf in) {
        int start = in.readerIndex();
        if (in.getUnsignedByte(start) != BinaryRequest.MAGIC) {
            return Stop.ENDS;
        }
        request.wrap(in, start);
        BinaryOpcode opcode = BinaryOpcode.of(request.opcode);
        if (!request.isSound()) {
            BinaryReply.append(out, request, Status.UNKNOWN_COMMAND);
            return Stop.ENDS;
        }
        if (!peer.caller().isKnown() && (opcode == null || opcode.need() != Need.NOBODY)) {
            BinaryReply.append(out, request, Status.UNAUTHENTICATED);
            return Stop.ENDS;
        }
        if (opcode == null) {
            return refuse(in, Status.UNKNOWN_COMMAND);
        }
        if (!opcode.suits(request) || request.keyBytes > Memcached.KEY_BYTES_MAX) {
            BinaryReply.append(out, request, Status.INVALID);
            return Stop.ENDS;
        }
        Need need = need(opcode);
        if (!peer.caller().may(need)) {
            if (need.isKeyed() && request.valueOffset() > in.writerIndex()) {
                return Stop.NEEDS_INPUT;
            }
            if (!need.isKeyed() || !peer.caller().may(need, key(in))) {
                peer.caller().forbidden("memcached " + opcode + " in " + RegionTable.DEFAULT_NAME);
                return refuse(in, Status.NOT_PERMITTED);
            }
        }
        if (opcode.isAuth() && request.valueBytes() > BinaryAuth.BYTES_MAX) {
            BinaryReply.append(out, request, Status.UNAUTHENTICATED);
            return Stop.ENDS;
        }
        if (opcode.hasValue()
                && Memcached.isTooLarge(
                        request.keyBytes,
                        (int) Math.min(request.valueBytes(), Integer.MAX_VALUE))) {
            return refuseTooLarge(in, opcode);
        }
        int bytes = BinaryRequest.HEADER_BYTES + (int) request.bodyBytes;
        if (in.readableBytes() < bytes) {
            return Stop.NEEDS_INPUT;
        }
        if (!isAdmitted) {
            Status limit = limits.areAny() ? limit(opcode) : null;
            if (limit != null) {
                return refuse(in, limit);
            }
            isAdmitted = true;
            peer.caller().countRequest();
            limits.delayCommand();
        }
        if (bench.row.isUsedUp() && in.readableBytes() > bytes) {
            bench.binaryAhead.fill(in, start);
        }
        isQuiet = opcode.isQuiet(request.opcode);
        Stop stop =
                opcode.hasKey()
                        ? items.run(opcode, isQuiet, request, out) ? null : Stop.AWAITS
                        : control(opcode);
        if (stop != Stop.AWAITS) {
            disk.done();
            isAdmitted = false;
            in.readerIndex(start + bytes);
        }
        return stop;
    }

    private @Nullable Status limit(BinaryOpcode opcode) {
        CommandGroup group = Groups.of(opcode);
        if (limits.isDisabled(group)) {
            return Status.NOT_SUPPORTED;
        }
        return limits.busy(group) == null ? null : Status.BUSY;
    }

    private Need need(BinaryOpcode opcode) {
        return opcode == BinaryOpcode.STAT && request.valueOffset() <= request.in.writerIndex()
                ? GeneralStats.need(request.keyText())
                : opcode.need();
    }

    private Slice key(ByteBuf in) {
        KeyRow.wrap(key, in, request.keyOffset(), request.keyBytes);
        return key;
    }

    private @Nullable Stop refuseTooLarge(ByteBuf in, BinaryOpcode opcode) {
        if (in.readableBytes()
                < BinaryRequest.HEADER_BYTES + request.extrasBytes + request.keyBytes) {
            return Stop.NEEDS_INPUT;
        }
        items.tooLarge(opcode, request);
        return refuse(in, Status.TOO_LARGE);
    }

    private @Nullable Stop refuse(ByteBuf in, Status status) {
        BinaryReply.append(out, request, status);
        in.skipBytes(BinaryRequest.HEADER_BYTES);
        bytesSwallowed = request.bodyBytes;
        return null;
    }

    private @Nullable Stop control(BinaryOpcode opcode) {
        switch (opcode) {
            case QUIT -> {
                acknowledge();
                return Stop.ENDS;
            }
            case FLUSH -> flush();
            case VERSION -> BinaryReply.appendText(out, request, "", Memcached.VERSION);
            case STAT -> stats();
            case SASL_LIST, SASL_AUTH, SASL_STEP -> {
                return authenticate(opcode);
            }
            default -> acknowledge();
        }
        return null;
    }

    private @Nullable Stop authenticate(BinaryOpcode opcode) {
        if (!peer.caller().isRequired()) {
            BinaryReply.append(out, request, Status.UNKNOWN_COMMAND);
        } else if (opcode == BinaryOpcode.SASL_LIST) {
            BinaryAuth.list(request, out);
        } else if (!auth.take(request, out)) {
            return Stop.ENDS;
        }
        return null;
    }

    private void acknowledge() {
        if (!isQuiet) {
            BinaryReply.append(out, request, Status.OK);
        }
    }

    private void flush() {
        long seconds =
                request.extrasBytes == 0 ? 0 : request.in.getUnsignedInt(request.extrasOffset());
        long delayMillis = seconds == 0 ? 0 : bench.expiryMillis(seconds) - bench.items.nowMillis();
        memcached.counts.count(Counts.Count.CMD_FLUSH);
        boolean isDone = memcached.flushes.flush(peer, delayMillis);
        bench.items.startBatch();
        bench.row.clear();
        if (!isDone) {
            BinaryReply.append(out, request, Status.OUT_OF_MEMORY);
        } else {
            acknowledge();
        }
    }

    private void stats() {
        boolean isKnown =
                memcached.stats.tell(
                        request.keyText(),
                        (name, value) -> BinaryReply.appendText(out, request, name, value));
        if (isKnown) {
            BinaryReply.append(out, request, Status.OK);
        } else {
            BinaryReply.append(out, request, Status.NOT_FOUND);
        }
    }

    @Override
    public void release() {
        disk.done();
        limits.release();
    }
}
