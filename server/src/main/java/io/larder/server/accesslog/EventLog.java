package io.larder.server.accesslog;

import io.larder.server.memory.Slice;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.store.Clock;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What happened, for those who watch: from any thread, in one order, nothing lost up to {@link
 * #CAPACITY_BYTES} of undelivered events. Beyond that events are dropped and counted, and every
 * listener is told how many and where. While nobody watches, an event costs one volatile load.
 *
 * <p>Any thread may offer, add and remove; {@link #drain} is for one thread at a time.
 */
public class EventLog {
    /*
     *   offer --+                                           +--> listener
     *   offer --+--> ManyToOneRingBuffer --> drain: number -+--> listener
     *   offer --+                              |            +--> listener
     *              full: dropped + 1 ----------+ gap
     *
     *   offer                                     drain, for each record
     *   claim a record by CAS of the tail         its length, volatile: committed
     *     no room: dropped + 1, volatile          dropped, volatile: not what was told last?
     *   fill it                                     tell the gap
     *   commit: its length, release               tell the event
     *   ask for a drain                           (at the end) dropped again, for the last gap
     *
     * No event is told before it is whole: its length is stored last.
     *
     * A gap is told before any event that was offered after the loss: the count was raised before
     * the record was committed, and the consumer reads the count after it has seen the record. Read
     * before it, the count could lack a loss that the event came after, and a listener that keeps
     * copies of values would trust one it should have dropped. A gap may be told before events
     * that were offered earlier; what was lost has happened by then in any case.
     *
     * Nothing waits for ever: who commits or drops asks for a drain afterwards, and a request made
     * while a drain runs causes another. The ring stops reading at a record that is claimed but not
     * filled, whose producer will ask; and at the ring's end, which the loop goes on from, padding
     * or not, by the consumer's position rather than by the count of events.
     *
     * A change to the store and the registration of a listener race like this: the writer changes
     * a slot, then looks whether somebody watches; the watcher registers, then reads slots. Without
     * a fence on both sides each could miss the other. The writer looks after it has taken its
     * shard's lock, so a watcher that takes and gives each shard's lock between the two has the
     * fence for both: a writer later in the lock's order sees the watcher, of an earlier one the
     * change is seen.
     */

    /** Bytes of records that wait for delivery, headers included. A power of two. */
    public static final int CAPACITY_BYTES = 1 << 20;

    private static final int ALIGNMENT = 64;

    private final Clock clock;
    private final Consumer<Throwable> errors;
    private final int capacityBytes;
    private final CopyOnWriteArrayList<EventListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Runnable drainDue = () -> {};

    /** Made for the first listener, then kept. */
    private volatile @Nullable ManyToOneRingBuffer ring;

    /** The ring while somebody watches, else null. */
    private volatile @Nullable ManyToOneRingBuffer watched; // written under this

    // Of the draining thread.
    private final MessageHandler deliver = this::deliver;
    private final Event event = new Event();
    private final AtomicLong delivered = new AtomicLong(); // set by it alone, read by any
    private long sequence;
    private long droppedTold;

    /**
     * @param clock dates the events
     * @param errors told of whatever a listener throws
     */
    public EventLog(Clock clock, Consumer<Throwable> errors) {
        this(CAPACITY_BYTES, clock, errors);
    }

    EventLog(int capacityBytes, Clock clock, Consumer<Throwable> errors) {
        this.capacityBytes = capacityBytes;
        this.clock = clock;
        this.errors = errors;
    }

    /**
     * Has {@code drainDue} called after every event that was taken or dropped, on its thread: it
     * must not block, and be cheap.
     */
    public final void onDrainDue(Runnable drainDue) {
        this.drainDue = drainDue;
    }

    /**
     * Adds a listener. It is told of every event offered by whoever sees it added, and perhaps of
     * some before. Locking: this object's monitor, briefly.
     */
    public final synchronized void add(EventListener listener) {
        ManyToOneRingBuffer made = ring;
        if (made == null) {
            int bytes = capacityBytes + RingBufferDescriptor.TRAILER_LENGTH;
            made =
                    new ManyToOneRingBuffer(
                            new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, ALIGNMENT)));
            ring = made;
        }
        listeners.add(listener);
        watched = made;
    }

    /**
     * Removes a listener; a call under way on the draining thread may still reach it. Locking: this
     * object's monitor, briefly.
     */
    public final synchronized void remove(EventListener listener) {
        listeners.remove(listener);
        if (listeners.isEmpty()) {
            watched = null;
        }
    }

    /** Whether an event would be taken: one volatile load. */
    public final boolean isWatched() {
        return watched != null;
    }

    /**
     * Takes an event if somebody watches, and drops it if there is no room.
     *
     * <p>Locking: none.
     *
     * @param key of it {@link Event#KEY_BYTES_MAX} bytes are kept
     */
    public final void offer(
            EventType type, int shard, int space, long hash, Slice key, long version) {
        ManyToOneRingBuffer to = watched;
        if (to != null) {
            write(to, type, new Event.Subject(shard, space, hash, version), key);
            drainDue.run();
        }
    }

    private void write(ManyToOneRingBuffer to, EventType type, Event.Subject subject, Slice key) {
        int index = to.tryClaim(type.code(), Event.recordBytes(key.length()));
        if (index < 0) {
            dropped.incrementAndGet();
            return;
        }
        try {
            Event.write(to.buffer(), index, clock.nowMillis(), subject, key);
        } catch (Throwable e) {
            to.abort(index); // else the consumer would wait for it for ever
            throw e;
        }
        to.commit(index);
    }

    /**
     * Tells the listeners of up to {@code budget} events; returns 0 if no whole one was left, else
     * 1. For one thread at a time.
     */
    public int drain(int budget) {
        ManyToOneRingBuffer from = ring;
        if (from == null) {
            return 0;
        }
        int events = 0;
        long before;
        do {
            before = from.consumerPosition();
            events += from.read(deliver, budget - events);
        } while (events < budget && from.consumerPosition() != before);
        tellGap();
        return events < budget ? 0 : 1;
    }

    private void deliver(int typeCode, DirectBuffer record, int index, int length) {
        tellGap();
        event.wrap(typeCode, sequence++, record, index, length);
        delivered.lazySet(delivered.getPlain() + 1);
        for (EventListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable e) {
                errors.accept(e);
            }
        }
    }

    /** Tells of what was dropped since the last time. */
    void tellGap() {
        long droppedNow = dropped.get();
        long lost = droppedNow - droppedTold;
        if (lost == 0) {
            return;
        }
        droppedTold = droppedNow;
        long first = sequence;
        sequence += lost;
        for (EventListener listener : listeners) {
            try {
                listener.onGap(first, lost);
            } catch (Throwable e) {
                errors.accept(e);
            }
        }
    }

    /** Adds the log's figures. */
    public final void registerMetrics(MetricsRegistry registry) {
        registry.registerCounter(
                        "events_delivered", "Events told to those who watch", this::delivered)
                .registerCounter(
                        "events_dropped",
                        "Events those who watch were told of as lost",
                        this::dropped);
    }

    /** Events handed over so far. For any thread. */
    public final long delivered() {
        return delivered.get();
    }

    /** Events dropped for want of room so far. For any thread. */
    public final long dropped() {
        return dropped.get();
    }
}
