package io.larder.client.net;

/**
 * Who keeps copies of a region's values that one server may declare old. Called on the event loop
 * of the server's connection, in the order in which things were heard; it must not block.
 */
public interface CopyKeeper {
    /** Why all copies are to be dropped. */
    enum DropReason {
        /** The server has said so: a clear, or more changes than it could tell one by one. */
        TOLD,
        /** A push is missing. */
        GAP,
        /** No SYNC was answered for too long. */
        SILENCE,
        /** The connection is gone. */
        DISCONNECTED
    }

    /**
     * The key has changed: its copy is old, and so may be what reads under way will bring.
     *
     * @param key the receiver's to keep
     */
    void changed(byte[] key);

    /** The same of all keys. */
    void dropAll(DropReason reason);
}
