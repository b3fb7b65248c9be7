package io.larder.client.spring.session;

import io.larder.client.Larder;
import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import io.larder.client.api.Entry;
import io.larder.client.api.PutOptions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.session.SessionRepository;

/**
 * Spring Session's repository: one item for each session, which lives as long after the last
 * request as the session says. Any thread. The client is its maker's to close.
 *
 * <p>Locking: every method but {@link #createSession} parks the calling thread until the server has
 * answered.
 */
/*
 * A save merges what the request has changed into what is stored, by compare-and-set. A session that
 * is gone meanwhile, by a logout in another request, stays gone.
 *
 * A session whose bytes make none, as of another version of the program's classes, is none.
 */
public final class LarderSessionRepository implements SessionRepository<LarderSession> {
    private static final Logger LOG = LoggerFactory.getLogger(LarderSessionRepository.class);
    private static final int TRIES_MAX = 100;

    private final Cache<String, SessionState> sessions;
    private final Duration timeout;

    /**
     * @param region where the sessions are
     * @param codec of sessions; attributes are of the application's types
     * @param timeout of new sessions, without access
     */
    public LarderSessionRepository(
            Larder larder, String region, Codec<SessionState> codec, Duration timeout) {
        this.sessions = larder.cache(region, Codec.utf8(), codec);
        this.timeout = timeout;
    }

    @Override
    public LarderSession createSession() {
        return LarderSession.create(timeout, System.currentTimeMillis());
    }

    @Override
    public @Nullable LarderSession findById(String id) {
        try {
            LarderSession session =
                    sessions.get(id).map(state -> LarderSession.of(id, state)).orElse(null);
            return session == null || session.isExpired() ? null : session;
        } catch (CodecException e) {
            LOG.warn("a session that cannot be read is removed: {}", e.getMessage());
            sessions.remove(id);
            return null;
        }
    }

    @Override
    public void save(LarderSession session) {
        String storedId = session.storedId();
        if (storedId == null) {
            put(session, session.state());
        } else if (storedId.equals(session.getId())) {
            update(session, storedId);
        } else {
            Optional<SessionState> present = sessions.get(storedId);
            if (present.isPresent()) {
                put(session, session.changed(present.get()));
                sessions.remove(storedId);
            }
        }
        session.stored();
    }

    private void put(LarderSession session, SessionState state) {
        sessions.put(session.getId(), state, PutOptions.DEFAULT.ttl(session.ttl()));
    }

    private void update(LarderSession session, String id) {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            Optional<Entry<SessionState>> present = sessions.getEntry(id);
            if (present.isEmpty()) {
                return;
            }
            PutOptions ifUnchanged =
                    PutOptions.DEFAULT.ttl(session.ttl()).ifVersion(present.get().version());
            SessionState changed = session.changed(present.get().value());
            if (sessions.put(id, changed, ifUnchanged).isApplied()) {
                return;
            }
        }
        throw new IllegalStateException(
                "session " + id + ": changed by others " + TRIES_MAX + " times in a row");
    }

    @Override
    public void deleteById(String id) {
        sessions.remove(id);
    }
}
