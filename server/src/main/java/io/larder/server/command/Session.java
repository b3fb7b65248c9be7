package io.larder.server.command;

import io.larder.server.push.PushQueue;
import io.larder.server.push.Pushes;
import org.jspecify.annotations.Nullable;

/**
 * The conversation on one connection: what has to be remembered from one request to the next.
 * Belongs to the event loop it was made on, as all its requests come there.
 */
public final class Session {
    private static final long NONE = -1;

    final Workbench bench;
    final IncomingValues incoming = new IncomingValues();
    private final OutgoingValues outgoing = new OutgoingValues();
    private boolean takesPieces;
    private @Nullable Pushes pushSource;
    private @Nullable PushQueue pushes;

    private boolean open;
    private boolean closing;
    private String clientName = "";
    private boolean inBatch;
    private long nowMillis;
    private long arrivalMillis = NONE;

    Session(Workbench bench) {
        this.bench = bench;
    }

    /** Whether the HELLO has been answered. */
    public boolean isOpen() {
        return open;
    }

    /** The name the client gave itself; empty before HELLO. */
    public String clientName() {
        return clientName;
    }

    /** Values that are being sent in pieces. */
    public OutgoingValues outgoing() {
        return outgoing;
    }

    /** The client takes replies in pieces. */
    void takePieces() {
        takesPieces = true;
    }

    boolean takesPieces() {
        return takesPieces;
    }

    /** The client takes pushes. */
    void takePushes(Pushes source) {
        pushSource = source;
        pushes = source.open();
    }

    /** What is to be pushed; null if the client takes no pushes. */
    public @Nullable PushQueue pushes() {
        return pushes;
    }

    /** Frees what the connection held of the store: it is gone. */
    public void release() {
        incoming.release();
        outgoing.release();
        if (pushSource != null && pushes != null) {
            pushSource.close(pushes);
        }
    }

    /** The HELLO has been answered. */
    void open(String name) {
        open = true;
        clientName = name;
    }

    /** Whether the reply just written is the connection's last. */
    boolean isClosing() {
        return closing;
    }

    void close() {
        closing = true;
    }

    /** Begins a batch of requests unless one has begun: the only time its clock is read. */
    void startBatch(long now) {
        inBatch = true;
        nowMillis = now;
        if (arrivalMillis == NONE) {
            arrivalMillis = now;
        }
    }

    boolean isInBatch() {
        return inBatch;
    }

    /**
     * Ends a batch.
     *
     * @param isHeld whether bytes of it are held back for a later one, so that what they say has
     *     arrived already
     */
    void endBatch(boolean isHeld) {
        inBatch = false;
        if (!isHeld) {
            arrivalMillis = NONE;
        }
    }

    /** The store's time, by which all requests of this batch are judged. */
    long nowMillis() {
        return nowMillis;
    }

    /** When the bytes of this batch were read, in the store's time. */
    long arrivalMillis() {
        return arrivalMillis;
    }
}
