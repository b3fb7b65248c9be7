package io.larder.client.net;

import io.larder.client.api.KeyResult;
import io.larder.client.api.LarderException;
import io.larder.client.net.Reply.UnreadableReplyException;
import io.larder.protocol.BatchFrames;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Each key is looked at once on its way out, when its frame is written into the batch of its link,
 * and once on its way back, when its reply's result goes to its place.
 *
 * A batch's reply has a limit of its own, so some reads in it may be answered REPLY_TOO_LARGE, and
 * any operation BUSY: both say that nothing was done. The rest of a batch is asked for again, in
 * another batch; if not one of its operations was answered, the first of the rest is asked for
 * alone, where any value fits and BUSY is retried. So each round answers an operation at least, and
 * a batch has one request in the window at any time.
 *
 * Batches complete on the event loop or in an executor. Each sets results of its own and counts
 * `unfinished` down after that, so the last one to finish sees them all. If the caller cancels the
 * whole, what is unanswered is cancelled and nothing more is asked: a call is added to `sent` before
 * it is seen that nobody has cancelled, and whoever cancels looks into `sent` after; one of the two
 * sees the other.
 */
final class ManyItems<T, R> {
    private final Router router;
    private final Region region;
    private final ItemOperations operations;
    private final ReplyReader<T> reader;
    private final Function<List<KeyResult<T>>, R> finisher;
    private final long timeoutNanos;
    private final long deadlineNanos;
    private final KeyResult<T>[] results; // those that are there
    private final List<Batch> batches = new ArrayList<>(); // as they were first asked for
    private final AtomicInteger unfinished = new AtomicInteger(1);
    private final Queue<Call<?>> sent = new ConcurrentLinkedQueue<>();
    private final Result result = new Result();

    /**
     * @param operations of which none is sent before {@link #start}
     * @param reader of one operation's reply
     * @param finisher makes the result of all; may throw a {@link LarderException}
     */
    @SuppressWarnings("unchecked") // an array of a generic type
    ManyItems(
            Router router,
            Region region,
            ItemOperations operations,
            ReplyReader<T> reader,
            Function<List<KeyResult<T>>, R> finisher,
            long timeoutNanos) {
        this.router = router;
        this.region = region;
        this.operations = router.checksums() ? operations.summed() : operations;
        this.reader = reader;
        this.finisher = finisher;
        this.timeoutNanos = timeoutNanos;
        this.deadlineNanos = router.nanoClock().getAsLong() + timeoutNanos;
        this.results = (KeyResult<T>[]) new KeyResult<?>[operations.count()];
    }

    /** What a whole fails with if one of its operations did: the first failure. */
    static <T> List<T> all(List<KeyResult<T>> results) {
        List<T> values = new ArrayList<>(results.size());
        for (KeyResult<T> each : results) {
            values.add(each.get());
        }
        return values;
    }

    /** Sends all batches; see {@link ServerLink#submit} for what may block. */
    CompletableFuture<R> start(Admission admission) {
        writeFrames();
        for (Batch batch : batches) {
            if (operations.isWrite()) {
                batch.forgetHeld(region);
            }
            ask(batch, timeoutNanos, admission);
        }
        finishOne();
        return result;
    }

    private void writeFrames() {
        Map<ServerLink, Batch> open = new HashMap<>();
        long bytesLeft = operations.frameBytes();
        Batch batch = null;
        for (int index = 0; index < operations.count(); index++) {
            long bytes = operations.frameBytes(index);
            LarderException tooLarge = operations.aboveAnyLimit(index);
            if (tooLarge != null) {
                results[index] = KeyResult.failed(tooLarge);
            } else {
                ServerLink link = linkOf(index);
                batch = batch != null && batch.link == link ? batch : open.get(link);
                if (batch == null || !batch.hasRoomFor(bytes)) {
                    batch = Batch.of(link, bytesLeft);
                    open.put(link, batch);
                    batches.add(batch);
                }
                batch.add(operations, index);
            }
            bytesLeft -= bytes;
        }
    }

    private ServerLink linkOf(int index) {
        byte[] key = operations.key(index);
        return router.linkOf(key, key.length);
    }

    private void ask(Batch batch, long nanosLeft, Admission admission) {
        if (batch.count() == 1) {
            askForFirst(batch, nanosLeft, admission);
        } else {
            askTogether(batch, nanosLeft, admission);
        }
    }

    private void askTogether(Batch batch, long nanosLeft, Admission admission) {
        Request request = batch.together(region, operations);
        Tally tally = new Tally();
        submit(
                batch.link,
                request,
                reply -> readTogether(batch, request, reply, tally),
                tally,
                nanosLeft,
                admission,
                answered -> {
                    if (answered == 0) {
                        askForFirst(batch, nanosLeft(), Admission.CONTINUE);
                    } else if (answered < batch.count()) {
                        askForRest(batch);
                    }
                },
                failure -> {
                    for (int position = 0; position < batch.count(); position++) {
                        results[batch.index(position)] = KeyResult.failed(failure);
                    }
                });
    }

    private void askForRest(Batch batch) {
        Batch rest = batch.only(position -> !isAnswered(batch.index(position)));
        ask(rest, nanosLeft(), Admission.CONTINUE);
    }

    @SuppressWarnings("ConstantValue") // an element is null until it is set
    private boolean isAnswered(int index) {
        return results[index] != null;
    }

    /** Asks for the first of a batch, and then for the others. */
    private void askForFirst(Batch batch, long nanosLeft, Admission admission) {
        int first = batch.index(0);
        Request request = batch.first(region, operations);
        submit(
                router.linkOf(request.body, request.keyBytes),
                request,
                reader,
                null,
                nanosLeft,
                admission,
                value -> {
                    results[first] = KeyResult.of(value);
                    askForOthers(batch);
                },
                failure -> {
                    results[first] = KeyResult.failed(failure);
                    askForOthers(batch);
                });
    }

    private void askForOthers(Batch batch) {
        if (batch.count() > 1) {
            ask(batch.only(position -> position > 0), nanosLeft(), Admission.CONTINUE);
        }
    }

    private long nanosLeft() {
        return deadlineNanos - router.nanoClock().getAsLong();
    }

    private <A> void submit(
            ServerLink link,
            Request request,
            ReplyReader<A> answerReader,
            @Nullable Tally tally,
            long nanosLeft,
            Admission admission,
            Consumer<A> onAnswer,
            Consumer<LarderException> onFailure) {
        unfinished.incrementAndGet();
        Call<A> call = router.call(request, answerReader, nanosLeft);
        call.tally = tally;
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

    /** Puts each result in its place, but those to be asked for again; says how many there are. */
    private int readTogether(Batch batch, Request request, Reply replies, Tally tally) {
        BatchFrames frames =
                new BatchFrames(FrameDirection.TO_CLIENT)
                        .wrap(replies.buffer(), replies.valueOffset(), replies.valueBytes());
        Reply reply = new Reply();
        int count = batch.count();
        int answered = 0;
        for (int position = 0; position < count; position++) {
            boolean matches =
                    frames.next() == BatchFrames.Step.FRAME
                            && reply.wrap(replies.buffer(), frames.frameOffset()).requestId()
                                    == position + 1;
            if (!matches) {
                throw new UnreadableReplyException(
                        "batch: no reply to operation "
                                + position
                                + " (expected: "
                                + count
                                + " replies in order)");
            }
            KeyResult<T> answer = read(batch.link, request, reply);
            if (answer != null) {
                tally.count(reply.status());
                results[batch.index(position)] = answer;
                answered++;
            }
        }
        if (frames.next() != BatchFrames.Step.END) {
            throw new UnreadableReplyException("batch: more replies (expected: " + count + ")");
        }
        return answered;
    }

    private @Nullable KeyResult<T> read(ServerLink link, Request request, Reply reply) {
        if (reply.is(Status.CHECKSUM_MISMATCH) || isDamaged(reply)) {
            return null;
        }
        if (reply.is(Status.BUSY) || (reply.is(Status.REPLY_TOO_LARGE) && !operations.isWrite())) {
            return null;
        }
        return Status.isError(reply.status())
                ? KeyResult.failed(link.failures().refused(request, reply))
                : KeyResult.of(reader.read(reply));
    }

    private boolean isDamaged(Reply reply) {
        return router.checksums() && !operations.isWrite() && reply.isOk() && !reply.isSound();
    }

    private void finishOne() {
        if (unfinished.decrementAndGet() > 0 || result.isDone()) {
            return;
        }
        if (operations.isWrite()) {
            batches.forEach(batch -> batch.forgetHeld(region));
        }
        try {
            result.complete(finisher.apply(Collections.unmodifiableList(Arrays.asList(results))));
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
