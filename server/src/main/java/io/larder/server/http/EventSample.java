package io.larder.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.larder.protocol.text.QuotedText;
import io.larder.server.accesslog.Event;
import io.larder.server.accesslog.EventListener;
import io.larder.server.accesslog.EventType;
import io.larder.server.store.Clock;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a page is shown of the event log: of each type the first few events since it was last asked,
 * and how many there were. The log's draining thread adds, an event loop takes.
 *
 * <p>Bounds: {@link #OF_A_TYPE_MAX} events of each type, of whose keys {@link Event#KEY_BYTES_MAX}
 * bytes. A type that comes often pushes no other one out, and costs a count for each event that is
 * not shown. Reads are left out: they are in the log only while an operator watches them; and so is
 * what only operators may see.
 *
 * <p>Locking: this object's monitor, for one event, or for as long as handing over takes.
 */
final class EventSample implements EventListener {
    /** Events of a type that are kept from one {@link #take} to the next. */
    static final int OF_A_TYPE_MAX = 8;

    private final IntFunction<String> regionOfSpace;

    // All guarded by this.
    private List<Seen> events = new ArrayList<>();
    private Map<EventType, Integer> counts = new EnumMap<>(EventType.class);
    private long lost;

    /** A copy of an event. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Seen(
            EventType type, Instant time, String region, byte[] key, int keyBytes, long version) {}

    /** What has happened since the last time. */
    private record Taken(List<Seen> events, Map<EventType, Integer> counts, long lost) {}

    /**
     * @param regionOfSpace a region's name by its present space
     */
    EventSample(IntFunction<String> regionOfSpace) {
        this.regionOfSpace = regionOfSpace;
    }

    @Override
    public synchronized void onEvent(Event event) {
        EventType type = event.type();
        if (type == EventType.HIT || type == EventType.MISS || EventType.AUDIT.contains(type)) {
            return;
        }
        int before = counts.getOrDefault(type, 0);
        counts.put(type, before + 1);
        if (before < OF_A_TYPE_MAX) {
            events.add(
                    new Seen(
                            type,
                            Instant.ofEpochMilli(Clock.EPOCH_UNIX_MILLIS + event.timeMillis()),
                            regionOfSpace.apply(event.space()),
                            event.key().toByteArray(),
                            event.keyLength(),
                            event.version()));
        }
    }

    @Override
    public synchronized void onGap(long sequence, long count) {
        lost += count;
    }

    /** What has happened since the last time, in JSON; null if nothing has. */
    byte @Nullable [] take() {
        Taken taken = takeAll();
        if (taken == null) {
            return null;
        }
        return JsonText.of(
                json -> {
                    json.writeArrayFieldStart("events");
                    for (Seen event : taken.events()) {
                        write(json, event);
                    }
                    json.writeEndArray();
                    json.writeObjectFieldStart("counts");
                    for (Map.Entry<EventType, Integer> count : taken.counts().entrySet()) {
                        json.writeNumberField(count.getKey().name(), count.getValue());
                    }
                    json.writeEndObject();
                    json.writeNumberField("lost", taken.lost());
                });
    }

    private synchronized @Nullable Taken takeAll() {
        if (counts.isEmpty() && lost == 0) {
            return null;
        }
        Taken taken = new Taken(events, counts, lost);
        events = new ArrayList<>();
        counts = new EnumMap<>(EventType.class);
        lost = 0;
        return taken;
    }

    private static void write(JsonGenerator json, Seen event) throws IOException {
        json.writeStartObject();
        json.writeStringField("event", event.type().name());
        json.writeStringField("time", event.time().toString());
        json.writeStringField("region", event.region());
        json.writeStringField("key", QuotedText.textOf(event.key()));
        json.writeNumberField("key_bytes", event.keyBytes());
        json.writeNumberField("version", event.version());
        json.writeEndObject();
    }
}
