package io.larder.bench.linearizable;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one key, from its first operation until it is retired and the last one has
 * ended. Any thread.
 */
final class KeyHistory {
    /** Operations after which a key is retired. */
    static final int OPERATIONS_MAX = 2_048;

    /** Writes without an answer after which it is: each may happen until the end. */
    static final int UNCERTAIN_MAX = 12;

    private final String key;
    private final List<Operation> operations = new ArrayList<>(); // guarded by this, until complete
    private int begun; // guarded by this
    private int ended; // guarded by this
    private int uncertain; // guarded by this
    private boolean isRetired; // guarded by this
    private volatile long lastVersion; // a hint for what to expect

    KeyHistory(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** Counts an operation that is about to be called; false if the key is retired, or is to be. */
    synchronized boolean begin() {
        if (isRetired || begun >= OPERATIONS_MAX || uncertain >= UNCERTAIN_MAX) {
            return false;
        }
        begun++;
        return true;
    }

    /** Notes one that was begun, with its end; true if the history is now complete. */
    synchronized boolean end(Operation operation) {
        operations.add(operation);
        if (operation.isUncertain()) {
            uncertain += operation.isRelevant() ? 1 : 0;
        } else if (operation.answer() == Answer.OK && operation.version() != 0) {
            lastVersion = operation.version();
        }
        return endOne();
    }

    /** One that was begun did not take place; true if the history is now complete. */
    synchronized boolean endWithout() {
        return endOne();
    }

    private boolean endOne() {
        ended++;
        return isRetired && ended == begun;
    }

    /** Lets nothing more begin; true if the history is now complete. */
    synchronized boolean retire() {
        boolean wasRetired = isRetired;
        isRetired = true;
        return !wasRetired && ended == begun;
    }

    /** A version that the item had of late, 0 if none is known. */
    long lastVersion() {
        return lastVersion;
    }

    /** All of it, once it is complete. */
    synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }
}
