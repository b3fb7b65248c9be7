package io.larder.bench.soak;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the writes of all keys have come to. Each key has one owner, the only thread that writes it;
 * its writes and deletions are numbered. For any thread; an owner calls {@link #begin} and {@link
 * #complete} of its own keys.
 */
/*
 * An owner begins a number, writes, and completes it if the store took it. So a reader that looks
 * up `completed` before and `begun` after its read knows that a hit must be one of the writes
 * between: an older one was replaced before the read began, a newer one had not begun when it
 * ended. Both are volatile: the number is begun before the store sees the write, and completed
 * after, in the order of all threads.
 *
 * What a reader has seen binds it: after a hit of number s an older one must not come up again, and
 * after a miss none that was complete before it, as an evicted item does not come back. Each
 * reader keeps the least number it may still see, per key (Soaker.floors). A reader looks up
 * `completed` before it asks for the region's space, so that a write it counts as complete is in
 * that space or an older one.
 */
final class SoakModel {
    private final int keys;
    private final int owners;
    private final AtomicIntegerArray begun;
    private final AtomicIntegerArray completed;
    private final AtomicLong clears = new AtomicLong();

    SoakModel(int keys, int owners) {
        this.keys = keys;
        this.owners = owners;
        this.begun = new AtomicIntegerArray(keys);
        this.completed = new AtomicIntegerArray(keys);
    }

    int keys() {
        return keys;
    }

    int owners() {
        return owners;
    }

    int ownerOf(int key) {
        return key % owners;
    }

    /** The nearest key of this owner's. */
    int ownKey(int key, int owner) {
        int own = key - key % owners + owner;
        return own < keys ? own : own - owners;
    }

    /** Numbers the owner's next write of a key. */
    int begin(int key) {
        int sequence = begun.get(key) + 1;
        begun.set(key, sequence);
        return sequence;
    }

    /** The store has taken that write. */
    void complete(int key, int sequence) {
        completed.set(key, sequence);
    }

    int begun(int key) {
        return begun.get(key);
    }

    int completed(int key) {
        return completed.get(key);
    }

    void countClear() {
        clears.incrementAndGet();
    }

    long clears() {
        return clears.get();
    }
}
