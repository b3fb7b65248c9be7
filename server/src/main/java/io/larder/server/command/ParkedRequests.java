package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.lease.LeaseRequest;
import io.larder.server.lease.Leases;
import io.larder.server.tier.OverflowTier;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that wait for leases, or for values on disk, and the barriers that
 * wait behind them. Belongs to the connection's event loop, but for {@link #wake}.
 */
/*
 *            park        lease ended, fetched, or time is up            still another's
 *   carried out ---> waiting ------------------------------> woken ---> carried out again --+
 *                       ^                                                   |               |
 *                       +---------------------------------------------------|---------------+
 *                                                                       answered
 *
 * Whoever ends a lease, or fetches a value, on whatever thread, puts the waiter into `woken` and has the event loop look
 * there: the one that turns `isWaking` true does. The event loop turns it false before it empties the
 * queue, so whatever is put in after its last look finds it false and wakes it anew.
 */
final class ParkedRequests {
    /** A request, or a NOOP that is to be answered after all requests before it. */
    interface Waiting {}

    private static final class Barrier implements Waiting {
        final int requestId;

        Barrier(int requestId) {
            this.requestId = requestId;
        }
    }

    private final Leases leases;
    private final OutgoingValues outgoing;
    private final LateReplies late;
    private final Runnable onWoken;
    private final Set<Waiting> line = new LinkedHashSet<>(0);
    private final Queue<ParkedRequest> woken = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isWaking = new AtomicBoolean();
    private int requests;
    private long bytes; // of the requests' frames

    /**
     * @param onWoken run on the event loop when there are requests to be carried out again
     */
    ParkedRequests(Leases leases, OutgoingValues outgoing, LateReplies late, Runnable onWoken) {
        this.leases = leases;
        this.outgoing = outgoing;
        this.late = late;
        this.onWoken = onWoken;
    }

    LateReplies late() {
        return late;
    }

    boolean isEmpty() {
        return line.isEmpty();
    }

    int requests() {
        return requests;
    }

    /** Bytes of the copies that are kept. */
    long bytes() {
        return bytes;
    }

    boolean isFull() {
        return requests >= leases.limits().parkedPerHolderMax();
    }

    /** One for the present request, which is not in the line yet. */
    ParkedRequest copyOf(Request request, long arrivalMillis) {
        int bytes = request.valueOffset + request.valueBytes - request.offset;
        byte[] frame = ByteBufUtil.getBytes(request.frame, request.offset, bytes);
        ByteBuf copy = Unpooled.wrappedBuffer(frame);
        return new ParkedRequest(this, copy, arrivalMillis);
    }

    /**
     * A request has joined the waiters of a lease, at the end of the line or where it stood.
     *
     * @param giveUpMillis when it is carried out for the last time, in the store's time
     */
    void park(ParkedRequest request, LeaseRequest lease, long giveUpMillis) {
        request.hash = lease.key.hash();
        long untilMillis = Math.min(giveUpMillis, lease.endMillis);
        stand(request, () -> timeIsUp(request), Math.max(1, untilMillis - lease.nowMillis));
    }

    /** A request waits for values from disk. */
    void parkForFetch(ParkedRequest request, OverflowTier tier) {
        stand(request, () -> fetchIsLate(request, tier), tier.fetchMillisMax());
    }

    private void stand(ParkedRequest request, Runnable onTimeOver, long waitMillis) {
        if (line.add(request)) {
            requests++;
            bytes += request.frame.capacity();
        }
        request.timer = late.schedule(onTimeOver, waitMillis);
    }

    private void fetchIsLate(ParkedRequest request, OverflowTier tier) {
        if (!request.isFetched()) {
            tier.fetchIsLate();
            wake(request);
        }
    }

    private void timeIsUp(ParkedRequest request) {
        if (leases.leave(request.hash, request)) {
            wake(request);
        }
    }

    /** A request is to be carried out again. Any thread. */
    void wake(ParkedRequest request) {
        woken.add(request);
        if (isWaking.compareAndSet(false, true)) {
            late.execute(onWoken);
        }
    }

    /** Before a look at what is woken: what comes from now on makes for another one. */
    void beginWoken() {
        isWaking.set(false);
    }

    /**
     * The next request to be carried out again, if it has not been ended; null if there is none.
     */
    @Nullable ParkedRequest nextWoken() {
        ParkedRequest next = woken.poll();
        while (next != null && !line.contains(next)) {
            next = woken.poll();
        }
        if (next != null) {
            cancelTimer(next);
        }
        return next;
    }

    private static void cancelTimer(ParkedRequest request) {
        if (request.timer != null) {
            request.timer.cancel(false);
            request.timer = null;
        }
    }

    /** Whether a request waits, or has been carried out and is answered. */
    boolean isWaiting(ParkedRequest request) {
        return request.timer != null;
    }

    /** A request that was carried out again is answered: it leaves the line. */
    void remove(ParkedRequest request, ByteBuf out) {
        if (line.remove(request)) {
            requests--;
            bytes -= request.frame.capacity();
            answerBarriers(out);
        }
    }

    /** A NOOP: answered once all requests before it are. */
    void addBarrier(int requestId) {
        line.add(new Barrier(requestId));
    }

    /** Answers the barriers that nothing waits before. */
    void answerBarriers(ByteBuf out) {
        Iterator<Waiting> first = line.iterator();
        while (first.hasNext() && first.next() instanceof Barrier barrier) {
            first.remove();
            if (outgoing.isEmpty()) {
                answer(barrier, out);
            } else {
                outgoing.addBarrier(barrier.requestId);
            }
        }
    }

    private static void answer(Barrier barrier, ByteBuf out) {
        int start = out.writerIndex();
        out.ensureWritable(HEADER_BYTES);
        FrameHeader.putResponse(out, start, Opcode.NOOP.code(), Status.OK, barrier.requestId);
        out.writerIndex(start + HEADER_BYTES);
    }

    /** Has a request wait no more; returns its opcode, or -1 if there is none of this id. */
    int cancel(int requestId) {
        for (Waiting waiting : line) {
            if (waiting instanceof ParkedRequest request
                    && FrameHeader.requestId(request.frame, 0) == requestId) {
                leave(request);
                line.remove(request);
                requests--;
                bytes -= request.frame.capacity();
                return FrameHeader.opcode(request.frame, 0);
            }
        }
        return -1;
    }

    /** Answers all with an error: they wait no more. */
    void refuseAll(Status status, ErrorBody body, ByteBuf out) {
        for (Waiting waiting : Set.copyOf(line)) {
            if (waiting instanceof ParkedRequest request) {
                leave(request);
                body.writeResponse(
                        out,
                        FrameHeader.opcode(request.frame, 0),
                        status,
                        FrameHeader.requestId(request.frame, 0));
            }
        }
        line.removeIf(waiting -> waiting instanceof ParkedRequest);
        requests = 0;
        bytes = 0;
        answerBarriers(out);
    }

    /** Forgets all: the connection is gone. */
    void clear() {
        for (Waiting waiting : line) {
            if (waiting instanceof ParkedRequest request) {
                leave(request);
            }
        }
        line.clear();
        requests = 0;
        bytes = 0;
    }

    /** One that waits for a fetch has joined no lease; what comes for it then finds nobody. */
    private void leave(ParkedRequest request) {
        cancelTimer(request);
        var unused = leases.leave(request.hash, request);
    }
}
