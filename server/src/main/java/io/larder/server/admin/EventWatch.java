package io.larder.server.admin;

import io.larder.protocol.text.QuotedText;
import io.larder.server.accesslog.Event;
import io.larder.server.accesslog.EventListener;
import io.larder.server.store.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * What one watcher is sent of the event log: lines of the events it asked for, while its client
 * takes them; what it does not take is dropped, and it is told how many lines.
 */
/*
 * The draining thread of the log formats what fits and puts it into `lines`, at most LINES_MAX, under
 * this object's monitor, which is held for no longer than that; if nothing waits to be sent it asks
 * the connection's event loop to send. The event loop takes all lines and sends them, if the client
 * takes any; else it leaves them until the channel says that it does. So a client that stalls costs
 * LINES_MAX lines and a counter, and the log never waits for it.
 */
final class EventWatch implements EventListener, AdminStream {
    /** Lines that wait for a client; further ones are counted and dropped. */
    static final int LINES_MAX = 4096;

    private static final int SEND_CHARACTERS = 64 << 10;

    private final AdminReply reply;
    private final Predicate<Event> wanted;
    private final IntFunction<String> regionOfSpace;
    private final Runnable onClose;
    private final ArrayDeque<String> lines = new ArrayDeque<>(); // guarded by this
    private long lost; // guarded by this
    private boolean willSend; // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param regionOfSpace a region's name by its present space
     * @param onClose ends the watch
     */
    EventWatch(
            AdminReply reply,
            Predicate<Event> wanted,
            IntFunction<String> regionOfSpace,
            Runnable onClose) {
        this.reply = reply;
        this.wanted = wanted;
        this.regionOfSpace = regionOfSpace;
        this.onClose = onClose;
    }

    @Override
    public void onEvent(Event event) {
        if (wanted.test(event)) {
            offer(line(event));
        }
    }

    @Override
    public void onGap(long sequence, long count) {
        synchronized (this) {
            lost += count;
        }
        requestSend();
    }

    private void offer(String line) {
        synchronized (this) {
            if (lines.size() >= LINES_MAX) {
                lost++;
                return;
            }
            lines.add(line);
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

    private String line(Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        String type = event.type().name();
        fields.put("time", Instant.ofEpochMilli(Clock.EPOCH_UNIX_MILLIS + event.timeMillis()));
        fields.put("region", regionOfSpace.apply(event.space()));
        byte[] key = event.key().toByteArray();
        fields.put("key", key);
        if (event.keyLength() > key.length) {
            fields.put("key_bytes", event.keyLength());
        }
        fields.put("version", event.version());
        if (reply.isJson()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("event", type);
            object.putAll(fields);
            return JsonLine.of(object);
        }
        StringBuilder line = new StringBuilder(type);
        fields.forEach(
                (name, value) ->
                        line.append(' ')
                                .append(name)
                                .append('=')
                                .append(
                                        value instanceof byte[] bytes
                                                ? QuotedText.quote(bytes)
                                                : value.toString()));
        return line.toString();
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
                text.append(reply.isJson() ? "{\"lost\":" + lost + '}' : "LOST " + lost)
                        .append('\n');
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
