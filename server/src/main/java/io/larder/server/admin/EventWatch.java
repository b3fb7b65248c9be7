package io.larder.server.admin;

import io.larder.protocol.text.QuotedText;
import io.larder.server.accesslog.Event;
import io.larder.server.accesslog.EventListener;
import io.larder.server.store.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * What one watcher is sent of the event log: lines of the events it asked for. The draining thread
 * of the log formats them.
 */
final class EventWatch implements EventListener {
    private final LineStream stream;
    private final Predicate<Event> wanted;
    private final IntFunction<String> regionOfSpace;

    /**
     * @param regionOfSpace a region's name by its present space
     * @param onClose ends the watch
     */
    EventWatch(
            AdminReply reply,
            Predicate<Event> wanted,
            IntFunction<String> regionOfSpace,
            Consumer<EventWatch> onClose) {
        this.stream = new LineStream(reply, () -> onClose.accept(this));
        this.wanted = wanted;
        this.regionOfSpace = regionOfSpace;
    }

    /** Where the lines go. */
    LineStream stream() {
        return stream;
    }

    @Override
    public void onEvent(Event event) {
        if (wanted.test(event)) {
            stream.offer(line(event));
        }
    }

    @Override
    public void onGap(long sequence, long count) {
        stream.lose(count);
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
        if (stream.isJson()) {
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
}
