package io.larder.server.auth;

import io.larder.server.metrics.RefusalLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of users: to the logger {@code io.larder.audit}, of what strangers can cause so many
 * lines a second at most, and to a listener, all of it. Nothing of it holds a secret. Any thread.
 */
public final class Audit {
    /** What happened. */
    public enum Event {
        /** A user was let in. */
        LOGIN,
        /** A secret was nobody's, or was not looked at as too many before were nobody's. */
        LOGIN_FAILED,
        /** Somebody has not the right to what he asked for. */
        FORBIDDEN,
        /** Somebody has used the right to operate the server, or has emptied it as an operator. */
        OPERATED,
        /** The users file was read anew. */
        USERS_READ,
        /** It could not be used, and the users stayed. */
        USERS_REFUSED
    }

    /** Told of what happens. Any thread; it must be quick, and not throw. */
    @FunctionalInterface
    public interface Listener {
        /** Something happened; the text is what the log has. */
        void onAudit(Event event, String text);
    }

    private static final Logger LOG = LoggerFactory.getLogger("io.larder.audit");

    private final RefusalLog strangers = new RefusalLog(LOG);
    private final RefusalLog operators = new RefusalLog(LOG); // not to be crowded out by those
    private volatile Listener listener = (event, text) -> {};

    Audit() {}

    /** Sets who is told from now on. */
    public void onEvent(Listener newListener) {
        listener = newListener;
    }

    void tell(Event event, String text) {
        switch (event) {
            case LOGIN -> strangers.info(text);
            case LOGIN_FAILED, FORBIDDEN -> strangers.warn(text);
            case OPERATED, USERS_READ -> operators.info(text);
            case USERS_REFUSED -> operators.warn(text);
        }
        listener.onAudit(event, text);
    }
}
