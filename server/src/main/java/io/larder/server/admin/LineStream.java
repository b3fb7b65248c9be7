package io.larder.server.admin;

import java.util.ArrayDeque;

/**
 * Lines for a client that come from any thread, while the client takes them; what it does not take
 * is dropped, and it is told how many lines.
 */
/*
 * Whoever has a line puts it into `lines`, at most LINES_MAX, under this object's monitor, which is
 * held for no longer than that; if nothing waits to be sent it asks the connection's event loop to
 * send. The event loop takes all lines and sends them, if the client takes any; else it leaves them
 * until the channel says that it does. So a client that stalls costs LINES_MAX lines and a counter,
 * and nobody ever waits for it.
 */
final class LineStream implements AdminStream {
    /** Lines that wait for a client; further ones are counted and dropped. */
    static final int LINES_MAX = 4096;

    private static final int SEND_CHARACTERS = 64 << 10;

    private final AdminReply reply;
    private final Runnable onClose;
    private final ArrayDeque<String> lines = new ArrayDeque<>(); // guarded by this
    private long lost; // guarded by this
    private boolean willSend; // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param onClose ends what the lines come from
     */
    LineStream(AdminReply reply, Runnable onClose) {
        this.reply = reply;
        this.onClose = onClose;
    }

    boolean isJson() {
        return reply.isJson();
    }

    /** Adds a line, or counts it if there are too many. Locking: this object's monitor. */
    void offer(String line) {
        synchronized (this) {
            if (lines.size() >= LINES_MAX) {
                lost++;
                return;
            }
            lines.add(line);
        }
        requestSend();
    }

    /** So many lines were lost before they came here. Locking: this object's monitor. */
    void lose(long count) {
        synchronized (this) {
            lost += count;
        }
        requestSend();
    }

    private void requestSend() {
        synchronized (this) {
            if (willSend || closed) {
                return;
            }
            willSend = true;
        }
        reply.connection().execute(this::send);
    }

    /** On the connection's event loop. */
    private void send() {
        StringBuilder text = new StringBuilder();
        synchronized (this) {
            willSend = false;
            if (closed || !reply.connection().isWritable()) {
                return;
            }
            while (!lines.isEmpty() && text.length() < SEND_CHARACTERS) {
                text.append(lines.remove()).append('\n');
            }
            if (lost > 0) {
                text.append(isJson() ? "{\"lost\":" + lost + '}' : "LOST " + lost).append('\n');
                lost = 0;
            }
        }
        if (!text.isEmpty()) {
            reply.connection().send(text);
        }
        synchronized (this) {
            if (lines.isEmpty()) {
                return;
            }
        }
        requestSend();
    }

    @Override
    public void resume() {
        requestSend();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            lines.clear();
        }
        onClose.run();
    }
}
