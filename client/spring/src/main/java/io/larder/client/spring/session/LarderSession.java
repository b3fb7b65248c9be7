package io.larder.client.spring.session;

import io.larder.client.api.Ttl;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/**
 * A session while a request has it, and which attributes the request has set or removed: only those
 * are written, so that requests of one session that run at the same time do not undo each other's
 * changes. Who changes an object that is an attribute has to set it again. One thread at a time.
 */
public final class LarderSession implements Session {
    private final Map<String, Object> attributes;
    private final Map<String, @Nullable Object> changes = new HashMap<>(); // null: removed
    private final Instant created;
    private String id;
    private @Nullable String storedId; // under which it is stored; null: not yet
    private Instant accessed;
    private Duration timeout;

    private LarderSession(String id, @Nullable String storedId, SessionState state) {
        this.id = id;
        this.storedId = storedId;
        this.attributes = new HashMap<>(state.attributes());
        this.created = Instant.ofEpochMilli(state.createdMillis());
        this.accessed = Instant.ofEpochMilli(state.accessedMillis());
        this.timeout = Duration.ofMillis(state.timeoutMillis());
    }

    static LarderSession create(Duration timeout, long nowMillis) {
        return new LarderSession(
                newId(),
                null,
                new SessionState(nowMillis, nowMillis, timeout.toMillis(), Map.of()));
    }

    static LarderSession of(String id, SessionState state) {
        return new LarderSession(id, id, state);
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    // ---- what is to be stored ----

    /** Under which it is stored; null: not yet. */
    @Nullable String storedId() {
        return storedId;
    }

    /** It has been stored under its present id. */
    void stored() {
        storedId = id;
        changes.clear();
    }

    /** All of it. */
    SessionState state() {
        return state(attributes);
    }

    /** What is stored, with what was changed here. */
    SessionState changed(SessionState present) {
        Map<String, Object> merged = new HashMap<>(present.attributes());
        changes.forEach(
                (name, value) -> {
                    if (value == null) {
                        merged.remove(name);
                    } else {
                        merged.put(name, value);
                    }
                });
        return state(merged);
    }

    private SessionState state(Map<String, Object> all) {
        return new SessionState(
                created.toEpochMilli(), accessed.toEpochMilli(), timeout.toMillis(), all);
    }

    /** How long it is to be kept from now on. */
    Ttl ttl() {
        return timeout.isNegative() || timeout.isZero()
                ? Ttl.NEVER
                : Ttl.ofMillis(Math.max(1, timeout.toMillis()));
    }

    // ---- what Spring asks ----

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String changeSessionId() {
        id = newId();
        return id;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as Spring has it
    public <T> @Nullable T getAttribute(String name) {
        return (T) attributes.get(name);
    }

    @Override
    public Set<String> getAttributeNames() {
        return Set.copyOf(attributes.keySet());
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            removeAttribute(name);
        } else {
            attributes.put(name, value);
            changes.put(name, value);
        }
    }

    @Override
    public void removeAttribute(String name) {
        attributes.remove(name);
        changes.put(name, null);
    }

    @Override
    public Instant getCreationTime() {
        return created;
    }

    @Override
    public void setLastAccessedTime(Instant lastAccessedTime) {
        accessed = lastAccessedTime;
    }

    @Override
    public Instant getLastAccessedTime() {
        return accessed;
    }

    @Override
    public void setMaxInactiveInterval(Duration interval) {
        timeout = interval;
    }

    @Override
    public Duration getMaxInactiveInterval() {
        return timeout;
    }

    @Override
    public boolean isExpired() {
        return !timeout.isNegative()
                && !timeout.isZero()
                && Instant.now().isAfter(accessed.plus(timeout));
    }
}
