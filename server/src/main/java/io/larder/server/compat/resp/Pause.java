package io.larder.server.compat.resp;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** CLIENT PAUSE: for a while no connection's commands are carried out. Any thread. */
final class Pause {
    /** Milliseconds of the longest one: a year. */
    static final long MILLIS_MAX = TimeUnit.DAYS.toMillis(365);

    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable State state;

    /**
     * @param endNanos by System.nanoTime
     */
    private record State(long endNanos, boolean isOfWrites) {}

    /** Begins one, in place of one that may be under way. */
    void begin(long millis, boolean isOfWrites) {
        state = new State(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), isOfWrites);
    }

    /** One connection more waits, or one fewer. */
    void waits(boolean isBegun) {
        waiting.addAndGet(isBegun ? 1 : -1);
    }

    /** Connections that wait. */
    int waiting() {
        return waiting.get();
    }

    /** Ends it, and has all connections go on. */
    void end(Clients clients) {
        state = null;
        clients.all().forEach(each -> each.peer.wake());
    }

    /** Milliseconds for which a command has to wait, begun ones included; 0 for none. */
    long millisLeft(RespCommand command) {
        State present = state;
        if (present == null || (present.isOfWrites && !isWrite(command))) {
            return 0;
        }
        if (command.name().equals("client")) {
            return 0; // or nobody could end it
        }
        long nanos = present.endNanos - System.nanoTime();
        return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    private static boolean isWrite(RespCommand command) {
        return switch (command.access()) {
            case CHANGES, REPLACES -> true;
            case READS -> false;
            case NONE -> command.name().startsWith("flush");
        };
    }
}
