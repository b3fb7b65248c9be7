package io.larder.client.net;

import static java.util.Objects.requireNonNull;

import io.larder.client.api.KeyResult;
import io.larder.client.api.LarderException;
import io.larder.client.net.Reply.UnreadableReplyException;
import io.larder.protocol.BatchFrames;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Operations on many items: for each link that has some of their keys as few BATCH requests as the
 * server's limits allow, and their answers put in the order of the operations. Started on the
 * caller's thread, continued on the event loop; used once.
 *
 * @param <T> the result of one operation
 * @param <R> the result of all
 */
/*
 * A batch's reply has a limit of its own, so some reads in it may be answered REPLY_TOO_LARGE, and
 * any operation BUSY: both say that nothing was done. The rest of a batch is asked for again, in
 * another batch; if not one of its operations was answered, the first of the rest is asked for
 * alone, where any value fits and BUSY is retried. So each round answers an operation at least, and
 * a batch has one request in the window at any time.
 *
 * Batches complete on the event loop or in an executor, so results are set with volatile writes
 * and the last one to finish, by `unfinished`, sees them all. If the caller cancels the whole, what
 * is unanswered is cancelled and nothing more is asked: a call is added to `sent` before it is seen
 * that nobody has cancelled, and whoever cancels looks into `sent` after; one of the two sees the
 * other.
 */
final class ManyItems<T, R> {
    private final Router router;
    private final Region region;
    private final ItemOperations operations;
    private final ReplyReader<T> reader;
    private final Function<List<KeyResult<T>>, R> finisher;
    private final long timeoutNanos;
    private final long deadlineNanos;
    private final AtomicReferenceArray<@Nullable KeyResult<T>> results;
    private final AtomicInteger unfinished = new AtomicInteger(1);
    private final Queue<Call<?>> sent = new ConcurrentLinkedQueue<>();
    private final Result result = new Result();

    /**
     * @param reader of one operation's reply
     * @param finisher makes the result of all; may throw a {@link LarderException}
     */
    ManyItems(
            Router router,
            Region region,
            ItemOperations operations,
            ReplyReader<T> reader,
            Function<List<KeyResult<T>>, R> finisher,
            long timeoutNanos) {
        this.router = router;
        this.region = region;
        this.operations = operations;
        this.reader = reader;
        this.finisher = finisher;
        this.timeoutNanos = timeoutNanos;
        this.deadlineNanos = router.nanoClock().getAsLong() + timeoutNanos;
        this.results = new AtomicReferenceArray<>(operations.count());
    }

    /** What a whole fails with if one of its operations did: the first failure. */
    static <T> List<T> all(List<KeyResult<T>> results) {
        return results.stream().map(KeyResult::get).toList();
    }

    /** Sends all batches; see {@link ServerLink#submit} for what may block. */
    CompletableFuture<R> start(Admission admission) {
        Map<ServerLink, List<Integer>> byLink = new LinkedHashMap<>();
        for (int index = 0; index < operations.count(); index++) {
            LarderException tooLarge = operations.aboveAnyLimit(index);
            if (tooLarge != null) {
                results.set(index, KeyResult.failed(tooLarge));
            } else {
                ServerLink link = linkOf(index);
                if (operations.isWrite()) {
                    link.held().forget(region, operations.key(index));
                }
                byLink.computeIfAbsent(link, it -> new ArrayList<>()).add(index);
            }
        }
        byLink.forEach((link, indices) -> askAll(link, indices, admission));
        finishOne();
        return result;
    }

    private ServerLink linkOf(int index) {
        byte[] key = operations.key(index);
        return router.linkOf(key, key.length);
    }

    private void askAll(ServerLink link, List<Integer> indices, Admission admission) {
        HelloLimits limits = link.knownLimits();
        long bytesMax = Math.min(limits.bodyBytesMax(), link.window().bytesMax() / 2);
        int countMax = Math.max(1, limits.batchOperationsMax());
        int from = 0;
        long partBytes = 0;
        for (int to = 0; to < indices.size(); to++) {
            long bytes = operations.frameBytes(indices.get(to));
            if (to > from && (to - from == countMax || partBytes + bytes > bytesMax)) {
                ask(link, indices.subList(from, to), timeoutNanos, admission);
                from = to;
                partBytes = 0;
            }
            partBytes += bytes;
        }
        ask(link, indices.subList(from, indices.size()), timeoutNanos, admission);
    }

    private void ask(ServerLink link, List<Integer> part, long nanosLeft, Admission admission) {
        if (part.size() == 1) {
            askAlone(part, nanosLeft, admission);
        } else {
            askTogether(link, part, nanosLeft, admission);
        }
    }

    private void askTogether(
            ServerLink link, List<Integer> part, long nanosLeft, Admission admission) {
        Request request = Request.batch(region, encode(part), operations.isWrite());
        submit(
                link,
                request,
                reply -> readTogether(link, request, part.size(), reply),
                nanosLeft,
                admission,
                answers -> {
                    List<Integer> rest = take(part, answers);
                    if (rest.size() == part.size()) {
                        askAlone(rest, nanosLeft(), Admission.CONTINUE);
                    } else {
                        askOthers(link, rest);
                    }
                },
                failure -> part.forEach(index -> results.set(index, KeyResult.failed(failure))));
    }

    /** Asks for the first of a part, and then for the others. */
    private void askAlone(List<Integer> part, long nanosLeft, Admission admission) {
        int first = part.get(0);
        List<Integer> others = part.subList(1, part.size());
        ServerLink link = linkOf(first);
        submit(
                link,
                operations.alone(region, first),
                reader,
                nanosLeft,
                admission,
                value -> {
                    results.set(first, KeyResult.of(value));
                    askOthers(link, others);
                },
                failure -> {
                    results.set(first, KeyResult.failed(failure));
                    askOthers(link, others);
                });
    }

    private void askOthers(ServerLink link, List<Integer> others) {
        if (!others.isEmpty()) {
            ask(link, others, nanosLeft(), Admission.CONTINUE);
        }
    }

    private long nanosLeft() {
        return deadlineNanos - router.nanoClock().getAsLong();
    }

    private <A> void submit(
            ServerLink link,
            Request request,
            ReplyReader<A> answerReader,
            long nanosLeft,
            Admission admission,
            Consumer<A> onAnswer,
            Consumer<LarderException> onFailure) {
        unfinished.incrementAndGet();
        Call<A> call = router.call(request, answerReader, nanosLeft);
        var unused =
                call.whenComplete(
                        (answer, failure) -> {
                            if (failure == null) {
                                onAnswer.accept(answer);
                            } else if (failure instanceof LarderException reason) {
                                onFailure.accept(reason);
                            }
                            finishOne();
                        });
        sent.add(call);
        if (result.isDone()) {
            call.cancel(false);
        } else {
            link.submit(call, admission);
        }
    }

    private byte[] encode(List<Integer> part) {
        long bytes = part.stream().mapToLong(operations::frameBytes).sum();
        byte[] frames = new byte[Math.toIntExact(bytes)];
        ByteBuf out = Unpooled.wrappedBuffer(frames).writerIndex(0);
        for (int position = 0; position < part.size(); position++) {
            operations.write(part.get(position), position + 1, out);
        }
        return frames;
    }

    /** A result for each operation of the batch, null where it is to be asked for again. */
    private List<@Nullable KeyResult<T>> readTogether(
            ServerLink link, Request request, int count, Reply batch) {
        BatchFrames frames =
                new BatchFrames(FrameDirection.TO_CLIENT)
                        .wrap(batch.buffer(), batch.valueOffset(), batch.valueBytes());
        Reply reply = new Reply();
        List<@Nullable KeyResult<T>> answers = new ArrayList<>(count);
        for (int position = 0; position < count; position++) {
            boolean matches =
                    frames.next() == BatchFrames.Step.FRAME
                            && reply.wrap(batch.buffer(), frames.frameOffset()).requestId()
                                    == position + 1;
            if (!matches) {
                throw new UnreadableReplyException(
                        "batch: no reply to operation "
                                + position
                                + " (expected: "
                                + count
                                + " replies in order)");
            }
            answers.add(read(link, request, reply));
        }
        if (frames.next() != BatchFrames.Step.END) {
            throw new UnreadableReplyException("batch: more replies (expected: " + count + ")");
        }
        return answers;
    }

    private @Nullable KeyResult<T> read(ServerLink link, Request request, Reply reply) {
        if (reply.is(Status.BUSY) || (reply.is(Status.REPLY_TOO_LARGE) && !operations.isWrite())) {
            return null;
        }
        return Status.isError(reply.status())
                ? KeyResult.failed(link.failures().refused(request, reply))
                : KeyResult.of(reader.read(reply));
    }

    /** Keeps what was answered; returns the operations that are to be asked for again. */
    private List<Integer> take(List<Integer> part, List<@Nullable KeyResult<T>> answers) {
        List<Integer> rest = new ArrayList<>();
        for (int position = 0; position < part.size(); position++) {
            KeyResult<T> answer = answers.get(position);
            if (answer == null) {
                rest.add(part.get(position));
            } else {
                results.set(part.get(position), answer);
            }
        }
        return rest;
    }

    private void finishOne() {
        if (unfinished.decrementAndGet() > 0 || result.isDone()) {
            return;
        }
        if (operations.isWrite() && router.knowsHotKeys()) {
            for (int index = 0; index < operations.count(); index++) {
                linkOf(index).held().forget(region, operations.key(index));
            }
        }
        List<KeyResult<T>> all = new ArrayList<>(operations.count());
        for (int index = 0; index < operations.count(); index++) {
            all.add(requireNonNull(results.get(index)));
        }
        try {
            result.complete(finisher.apply(all));
        } catch (LarderException e) {
            result.completeExceptionally(e);
        }
    }

    /** The caller's future: cancelling it cancels what is unanswered. */
    private final class Result extends CompletableFuture<R> implements MayWrite {
        @Override
        public boolean isWrite() {
            return operations.isWrite();
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            sent.forEach(call -> call.cancel(false));
            return cancelled;
        }
    }
}
