package io.larder.bench.linearizable;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The few keys that all clients work on at a time. They may be taken from a crowd, through which
 * the clients go round: each key is worked on for a while, and then rests. A key that has seen
 * enough is replaced by a new one, so that the history of each is bounded; whoever ends the last
 * operation of a retired one passes it on. Any thread.
 */
final class HotKeys {
    /** Choices after which one key of a crowd comes to rest, and the next one is worked on. */
    static final int STAY = 64;

    private final KeyHistory[] histories; // guarded by this
    private final int atATime;
    private final AtomicLong chosen = new AtomicLong();
    private final Consumer<KeyHistory> onComplete;
    private long made; // guarded by this

    /**
     * @param count of keys
     * @param atATime of them that are worked on at a time, at most count
     * @param onComplete gets each history, once; may block its caller
     */
    HotKeys(int count, int atATime, Consumer<KeyHistory> onComplete) {
        this.histories = new KeyHistory[count];
        this.atATime = atATime;
        this.onComplete = onComplete;
        for (int i = 0; i < count; i++) {
            histories[i] = make();
        }
    }

    private KeyHistory make() {
        return new KeyHistory("hot-" + made++);
    }

    /** A place to work on. */
    int choose(SplittableRandom random) {
        long first = chosen.getAndIncrement() / STAY;
        return (int) ((first + random.nextInt(atATime)) % histories.length);
    }

    /** The key in this place, an operation begun on it. */
    KeyHistory begin(int place) {
        KeyHistory retired;
        KeyHistory fresh;
        synchronized (this) {
            KeyHistory present = histories[place];
            if (present.begin()) {
                return present;
            }
            retired = present;
            fresh = make();
            fresh.begin();
            histories[place] = fresh;
        }
        if (retired.retire()) {
            onComplete.accept(retired);
        }
        return fresh;
    }

    /** Notes the end of an operation. */
    void end(KeyHistory history, Operation operation) {
        if (history.end(operation)) {
            onComplete.accept(history);
        }
    }

    /** An operation that was begun did not take place. */
    void endWithout(KeyHistory history) {
        if (history.endWithout()) {
            onComplete.accept(history);
        }
    }

    /** Retires all; nothing is begun any more. */
    void retireAll() {
        KeyHistory[] all;
        synchronized (this) {
            all = histories.clone();
        }
        for (KeyHistory history : all) {
            if (history.retire()) {
                onComplete.accept(history);
            }
        }
    }
}
