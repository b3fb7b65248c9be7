package io.larder.bench.linearizable;

import java.util.function.Consumer;

/**
 * The few keys that all clients work on at a time. A key that has seen enough is replaced by a new
 * one, so that the history of each is bounded; whoever ends the last operation of a retired one
 * passes it on. Any thread.
 */
final class HotKeys {
    private final KeyHistory[] histories; // guarded by this
    private final Consumer<KeyHistory> onComplete;
    private long made; // guarded by this

    /**
     * @param count of keys at a time
     * @param onComplete gets each history, once; may block its caller
     */
    HotKeys(int count, Consumer<KeyHistory> onComplete) {
        this.histories = new KeyHistory[count];
        this.onComplete = onComplete;
        for (int i = 0; i < count; i++) {
            histories[i] = make();
        }
    }

    private KeyHistory make() {
        return new KeyHistory("hot-" + made++);
    }

    int count() {
        return histories.length;
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
