package io.larder.bench.linearizable;

import io.larder.bench.BenchException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client with a connection of its own: sends a few operations at once, takes their answers, and
 * at times loses patience, the connection, or half a frame. For one thread.
 */
/*
 *   send, receive, send, receive, ...: a round.
 *
 * What became of a round's operations: answered, refused (nothing was done: not recorded), or
 * uncertain. An answer that comes after its round is not looked at any more.
 */
final class Caller implements AutoCloseable {
    /** What happens to a round, each out of so many. */
    private enum Fault {
        NONE(0),
        /** The client waits a millisecond, and tells the server so every other time. */
        IMPATIENCE(100),
        /** The connection is reset before any answer is read. */
        CUT(800),
        /** It is, in the middle of what was to be sent. */
        CUT_IN_HALF(800),
        /** The rest of what was to be sent goes out with the next round. */
        HELD_BACK(400);

        private final int oneIn;

        Fault(int oneIn) {
            this.oneIn = oneIn;
        }

        static Fault next(SplittableRandom random) {
            for (Fault fault : values()) {
                if (fault.oneIn != 0 && random.nextInt(fault.oneIn) == 0) {
                    return fault;
                }
            }
            return NONE;
        }
    }

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int IMPATIENCE_MILLIS = 1;
    private static final int WAIT_MILLIS = 2;
    private static final int LEASES_KEPT_MAX = 16;
    private static final int COPIES_MAX = 256;
    private static final long VALUES_PER_CLIENT = 1_000_000_000_000L;
    private static final long VALUE_STEP = 1_000; // leaves room for what is added
    private static final int DELTA_MAX = 9;

    private record Granted(KeyHistory history, long token) {}

    private final int id;
    private final Endpoint endpoint;
    private final HotKeys keys;
    private final @Nullable Plant plant;
    private final SplittableRandom random;
    private final Asked[] round;
    private final boolean[] isAnswered; // by place in the round
    private final Deque<Granted> leases = new ArrayDeque<>();
    private final Map<KeyHistory, Reply> copies = new HashMap<>(); // first reads, for the plant
    private Endpoint.Connected connected;
    private Fault fault = Fault.NONE;
    private boolean isLost; // the connection, within this round
    private int size; // of the round
    private int firstId = 1; // of the round
    private long callNanos;
    private long nextValue;

    /**
     * Connects.
     *
     * @param depth operations at once
     * @param plant a fault to put in; null for none
     */
    Caller(
            int id,
            Endpoint endpoint,
            HotKeys keys,
            int depth,
            @Nullable Plant plant,
            SplittableRandom random)
            throws IOException {
        this.id = id;
        this.endpoint = endpoint;
        this.keys = keys;
        this.plant = plant;
        this.random = random;
        this.round = new Asked[depth];
        this.isAnswered = new boolean[depth];
        this.nextValue = (id + 1) * VALUES_PER_CLIENT;
        this.connected = endpoint.connect();
    }

    /** Begins a round. */
    void send(int operations) throws IOException {
        size = Math.min(operations, round.length);
        fault = size == 0 ? Fault.NONE : Fault.next(random);
        boolean hasDeadline = fault == Fault.IMPATIENCE && random.nextBoolean();
        for (int place = 0; place < size; place++) {
            Asked asked = next();
            round[place] = asked;
            isAnswered[place] = false;
            Asked sent = plant == null ? asked : plant.distort(asked, random);
            connected.connection().add(firstId + place, sent, hasDeadline ? IMPATIENCE_MILLIS : 0);
        }
        callNanos = System.nanoTime();
        int bytes = connected.connection().pendingBytes();
        boolean isCutShort = fault == Fault.CUT_IN_HALF || fault == Fault.HELD_BACK;
        try {
            connected.connection().send(isCutShort ? random.nextInt(bytes) : bytes);
        } catch (IOException e) {
            lose(e);
        }
    }

    /** Notes that the server has ended, and with it the connection. */
    private void lose(IOException failure) throws IOException {
        endpoint.requireOver(connected.life(), failure);
        isLost = true;
    }

    /** Ends the round; returns how many operations it had. */
    int receive() throws IOException {
        if (!isLost) {
            try {
                awaitAnswers();
            } catch (IOException e) {
                lose(e);
            }
        }
        for (int place = 0; place < size; place++) {
            if (!isAnswered[place]) {
                end(round[place], Answer.UNKNOWN, 0, 0, Long.MAX_VALUE);
            }
        }
        firstId += size;
        if (isLost) {
            isLost = false;
            connected.connection().cut();
            connected = endpoint.connect();
        }
        return size;
    }

    private void awaitAnswers() throws IOException {
        switch (fault) {
            case NONE -> awaitAll(PATIENCE_MILLIS);
            case IMPATIENCE -> awaitAll(IMPATIENCE_MILLIS);
            case CUT, CUT_IN_HALF -> isLost = true;
            case HELD_BACK -> {}
        }
    }

    private void awaitAll(int patienceMillis) throws IOException {
        int left = size;
        while (left > 0) {
            Reply reply = connected.connection().receive(patienceMillis);
            if (reply == null) {
                if (patienceMillis == PATIENCE_MILLIS) {
                    throw new BenchException("client: no answer for " + patienceMillis + " ms");
                }
                return;
            }
            int place = reply.id() - firstId;
            if (place >= 0) { // else of a round before
                isAnswered[place] = true;
                answered(round[place], reply);
                left--;
            }
        }
    }

    private void answered(Asked asked, Reply sent) {
        long returnNanos = System.nanoTime();
        Reply reply = asked.action() == Action.GET ? withPlant(asked, sent) : sent;
        if (reply.isRefusal()) {
            keys.endWithout(asked.history());
        } else if (reply.isUncertain()) {
            end(asked, Answer.UNKNOWN, 0, 0, Long.MAX_VALUE);
        } else {
            Answer answer = reply.answer();
            if (answer == Answer.LEASE_YOURS && leases.size() < LEASES_KEPT_MAX) {
                leases.add(new Granted(asked.history(), reply.version()));
            }
            end(asked, answer, reply.value(), reply.version(), returnNanos);
        }
    }

    private Reply withPlant(Asked asked, Reply reply) {
        if (plant == null || reply.isRefusal() || reply.isUncertain()) {
            return reply;
        }
        Reply told = plant.distort(reply, copies.get(asked.history()), random);
        if (copies.size() >= COPIES_MAX) {
            copies.clear();
        }
        copies.putIfAbsent(asked.history(), reply);
        return told;
    }

    private void end(Asked asked, Answer answer, long value, long version, long returnNanos) {
        Operation operation =
                new Operation(
                        id,
                        asked.action(),
                        asked.argument(),
                        asked.expected(),
                        callNanos,
                        answer,
                        value,
                        version,
                        returnNanos);
        keys.end(asked.history(), operation);
    }

    private Asked next() {
        Asked loaded = loaded();
        if (loaded != null) {
            return loaded;
        }
        KeyHistory history = keys.begin(keys.choose(random));
        int dice = random.nextInt(100);
        if (dice < 24) {
            return Asked.of(history, Action.GET, 0, 0);
        } else if (dice < 36) {
            Asked lease = Asked.of(history, Action.LEASE, 0, 0);
            return random.nextInt(16) == 0 ? lease.waiting(WAIT_MILLIS) : lease;
        } else if (dice < 46) {
            return Asked.of(history, Action.SET, value(), 0);
        } else if (dice < 54) {
            return Asked.of(history, Action.ADD, value(), 0);
        } else if (dice < 66) {
            return history.lastVersion() == 0
                    ? Asked.of(history, Action.ADD, value(), 0)
                    : Asked.of(history, Action.COMPARE_AND_SET, value(), history.lastVersion());
        } else if (dice < 74) {
            return Asked.of(history, Action.INCREMENT, delta(), 0);
        } else if (dice < 78) {
            return Asked.of(history, Action.COUNT, delta(), 0);
        } else if (dice < 94) {
            return Asked.of(history, Action.DELETE, 0, 0);
        }
        return Asked.of(history, Action.TOUCH, 0, 0);
    }

    /** The fill or release of a lease that was granted; null if there is none to do now. */
    private @Nullable Asked loaded() {
        if (leases.isEmpty() || random.nextInt(3) == 0) {
            return null;
        }
        Granted granted = leases.remove();
        int dice = random.nextInt(10);
        if (dice == 0 || !granted.history().begin()) {
            return null;
        }
        return dice == 1
                ? Asked.of(granted.history(), Action.RELEASE, 0, granted.token())
                : Asked.of(granted.history(), Action.FILL, value(), granted.token());
    }

    private long value() {
        nextValue += VALUE_STEP;
        return nextValue;
    }

    private long delta() {
        return 1L + random.nextInt(DELTA_MAX);
    }

    @Override
    public void close() throws IOException {
        connected.connection().close();
    }
}
