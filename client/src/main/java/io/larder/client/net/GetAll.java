package io.larder.client.net;

import static java.util.Objects.requireNonNull;

import io.larder.client.net.Reply.UnreadableReplyException;
import io.larder.protocol.BatchFrames;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One read of many keys: as few BATCH requests as the server's limits allow, and their answers put
 * in the order of the keys. Started on the caller's thread, continued on the event loop; used once.
 */
/*
 * A batch's reply has a limit of its own, so some reads in it may be answered REPLY_TOO_LARGE
 * (or BUSY). The rest of a batch is asked for again, in another batch; if not one of its reads
 * was answered, the first of the rest is asked for alone, where any value fits and BUSY is
 * retried. So each round answers a key at least, and a batch has one request in the window at
 * any time.
 *
 * Batches complete on the event loop or in an executor, so results are set with volatile writes
 * and the last one to finish, by `unfinished`, sees them all.
 */
final class GetAll {
    private final ServerLink link;
    private final Region region;
    private final byte[][] keys;
    private final long timeoutNanos;
    private final long deadlineNanos;
    private final AtomicReferenceArray<@Nullable Optional<byte[]>> found;
    private final AtomicInteger unfinished = new AtomicInteger(1);
    private final CompletableFuture<List<Optional<byte[]>>> result = new CompletableFuture<>();

    /**
     * @param keys copied, each at least 1 byte
     */
    GetAll(ServerLink link, Region region, List<byte[]> keys, long timeoutNanos) {
        this.link = link;
        this.region = region;
        this.keys = keys.stream().map(byte[]::clone).toArray(byte[][]::new);
        this.timeoutNanos = timeoutNanos;
        this.deadlineNanos = link.nanoClock().getAsLong() + timeoutNanos;
        this.found = new AtomicReferenceArray<>(this.keys.length);
    }

    /** Sends all batches; see {@link ServerLink#submit} for what may block. */
    CompletableFuture<List<Optional<byte[]>>> start(Admission admission) {
        HelloLimits limits = link.knownLimits();
        long bytesMax = Math.min(limits.bodyBytesMax(), link.window().bytesMax() / 2);
        int countMax = Math.max(1, limits.batchOperationsMax());
        List<Integer> part = new ArrayList<>();
        long partBytes = 0;
        for (int index = 0; index < keys.length; index++) {
            int bytes = ProtocolLimits.HEADER_BYTES + keys[index].length;
            if (!part.isEmpty() && (part.size() == countMax || partBytes + bytes > bytesMax)) {
                ask(part, timeoutNanos, admission);
                part = new ArrayList<>();
                partBytes = 0;
            }
            part.add(index);
            partBytes += bytes;
        }
        if (!part.isEmpty()) {
            ask(part, timeoutNanos, admission);
        }
        finishOne();
        return result;
    }

    private void ask(List<Integer> part, long nanosLeft, Admission admission) {
        unfinished.incrementAndGet();
        if (part.size() == 1) {
            askAlone(part, nanosLeft, admission);
        } else {
            askTogether(part, nanosLeft, admission);
        }
    }

    private void askTogether(List<Integer> part, long nanosLeft, Admission admission) {
        Request request = new Request(Opcode.BATCH, 0, region, null, 0, encode(part));
        submit(
                request,
                reply -> readTogether(request, part, reply),
                nanosLeft,
                admission,
                rest -> {
                    if (rest.size() == part.size()) {
                        unfinished.incrementAndGet();
                        askAlone(rest, nanosLeft(), Admission.CONTINUE);
                    } else if (!rest.isEmpty()) {
                        ask(rest, nanosLeft(), Admission.CONTINUE);
                    }
                });
    }

    /** Asks for the first of a part, and then for the others. */
    private void askAlone(List<Integer> part, long nanosLeft, Admission admission) {
        int index = part.get(0);
        Request request = Request.of(Opcode.GET, 0, region, null, keys[index]);
        submit(
                request,
                ReplyReaders.VALUE,
                nanosLeft,
                admission,
                value -> {
                    found.set(index, value);
                    if (part.size() > 1) {
                        ask(part.subList(1, part.size()), nanosLeft(), Admission.CONTINUE);
                    }
                });
    }

    private long nanosLeft() {
        return deadlineNanos - link.nanoClock().getAsLong();
    }

    private <T> void submit(
            Request request,
            ReplyReader<T> reader,
            long nanosLeft,
            Admission admission,
            Consumer<T> onResult) {
        Call<T> call = Call.of(request, reader, link.nanoClock().getAsLong(), nanosLeft);
        var unused =
                call.whenComplete(
                        (value, failure) -> {
                            if (failure != null) {
                                result.completeExceptionally(failure);
                            } else {
                                onResult.accept(value);
                            }
                            finishOne();
                        });
        link.submit(call, admission);
    }

    private byte[] encode(List<Integer> part) {
        int bytes = 0;
        for (int index : part) {
            bytes += ProtocolLimits.HEADER_BYTES + keys[index].length;
        }
        byte[] frames = new byte[bytes];
        ByteBuf out = Unpooled.wrappedBuffer(frames);
        int offset = 0;
        for (int position = 0; position < part.size(); position++) {
            byte[] key = keys[part.get(position)];
            FrameHeader.putRequest(out, offset, Opcode.GET.code(), 0, position + 1);
            FrameHeader.putLengths(out, offset, 0, key.length, 0);
            out.setBytes(FrameHeader.keyOffset(out, offset), key);
            offset += ProtocolLimits.HEADER_BYTES + key.length;
        }
        return frames;
    }

    /** Takes what was answered; returns the indices that are to be asked for again. */
    private List<Integer> readTogether(Request request, List<Integer> part, Reply batch) {
        BatchFrames frames =
                new BatchFrames(FrameDirection.TO_CLIENT)
                        .wrap(batch.buffer(), batch.valueOffset(), batch.valueBytes());
        Reply reply = new Reply();
        List<Integer> rest = new ArrayList<>();
        for (int position = 0; position < part.size(); position++) {
            int index = part.get(position);
            boolean matches =
                    frames.next() == BatchFrames.Step.FRAME
                            && reply.wrap(batch.buffer(), frames.frameOffset()).requestId()
                                    == position + 1;
            if (!matches) {
                throw new UnreadableReplyException(
                        "batch: no reply to operation "
                                + position
                                + " (expected: "
                                + part.size()
                                + " replies in order)");
            }
            if (reply.is(Status.REPLY_TOO_LARGE) || reply.is(Status.BUSY)) {
                rest.add(index);
            } else if (Status.isError(reply.status())) {
                throw link.failures().refused(request, reply);
            } else {
                found.set(index, ReplyReaders.VALUE.read(reply));
            }
        }
        if (frames.next() != BatchFrames.Step.END) {
            throw new UnreadableReplyException(
                    "batch: more replies (expected: " + part.size() + ")");
        }
        return rest;
    }

    private void finishOne() {
        if (unfinished.decrementAndGet() == 0 && !result.isDone()) {
            List<Optional<byte[]>> values = new ArrayList<>(keys.length);
            for (int index = 0; index < keys.length; index++) {
                values.add(requireNonNull(found.get(index)));
            }
            result.complete(values);
        }
    }
}
