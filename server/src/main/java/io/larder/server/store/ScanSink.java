package io.larder.server.store;

/**
 * Where a {@link Scan} puts the items it finds. Called on the scanning thread, outside of every
 * lock, and, unlike a {@link ValueSink}, with bytes that were validated before.
 */
@FunctionalInterface
public interface ScanSink {
    /**
     * Takes an item, which is valid only during the call.
     *
     * @return whether more are wanted; after a false only those follow that the scan's cursor
     *     cannot tell from this one
     */
    boolean accept(ScannedItem item);
}
