package io.larder.server.accesslog;

import io.larder.server.memory.Slice;
import java.nio.ByteBuffer;

/**
 * An event log with room for a few events, one thread that offers and one that drains. In the log's
 * own package, for its size.
 */
public final class StressEvents {
    private static final int CAPACITY_BYTES = 512;
    private static final int EVENTS = 40;

    /** The consumer comes this often, so that it meets the producer in most states. */
    private static final int DRAINS = 200;

    private final Checker checker = new Checker();
    private final EventLog log = new EventLog(CAPACITY_BYTES, () -> 1, StressEvents::rethrow);

    /** An empty log. */
    public StressEvents() {
        log.add(checker);
    }

    private static void rethrow(Throwable error) {
        throw new AssertionError(error);
    }

    /** Offers events numbered from 1, more than there is room for. */
    public void produce() {
        byte[] key = new byte[Integer.BYTES];
        Slice slice = new Slice();
        for (int number = 1; number <= EVENTS; number++) {
            ByteBuffer.wrap(key).putInt(number);
            slice.wrap(key, 0, key.length);
            log.offer(EventType.STORED, 0, 1, number, slice, number);
        }
    }

    /** Drains; 1 if all events came whole, in order, and each loss before what came after it. */
    public int consume() {
        for (int i = 0; i < DRAINS; i++) {
            log.drain(EVENTS);
        }
        return checker.isRight ? 1 : -1;
    }

    /** Events and losses told so far make up at least the number of the event at hand. */
    private static final class Checker implements EventListener {
        boolean isRight = true;
        private long last;
        private long told;

        @Override
        public void onEvent(Event event) {
            told++;
            byte[] key = new byte[Integer.BYTES];
            boolean isWhole = event.keyLength() == key.length && event.hash() == event.version();
            if (isWhole) {
                event.key().copyTo(key, 0);
                isWhole = ByteBuffer.wrap(key).getInt() == event.version();
            }
            isRight &= isWhole && event.version() > last && told >= event.version();
            last = event.version();
        }

        @Override
        public void onGap(long sequence, long lost) {
            told += lost;
        }
    }
}
