package io.larder.server.net;

import java.util.Locale;

/**
 * Whether this server wants to be sent clients, and if not, why. Whoever starts, warms or stops it
 * says so here; load balancers and operators are shown it. Any thread may call anything.
 */
/*
 *   STARTING --> WARMING (progress grows) --> READY --> DRAINING
 *       |                                       ^           ^
 *       +---------------------------------------+           |
 *       +------------ from any state ------------------------+
 *
 * Draining is the end: what is late to say that the server is ready, as a warm-up that finishes
 * during the stop, changes nothing any more.
 */
public final class Readiness {
    /** What the server is doing. */
    public enum Phase {
        /** Its parts are being made; it may not listen yet. */
        STARTING("the server is starting"),
        /** It serves, and is still taking in what it had before its restart. */
        WARMING("the server is taking in what it had before its restart"),
        /** It serves. */
        READY("the server serves"),
        /** It is about to stop, takes no new clients and answers those it has. */
        DRAINING("the server is about to stop");

        private final String reason;

        Phase(String reason) {
            this.reason = reason;
        }

        /** The phase in a lower-case word, for programs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The same for people. */
        public String reason() {
            return reason;
        }
    }

    /**
     * A phase and how far it has come.
     *
     * @param progress 0 to 1
     */
    public record State(Phase phase, double progress) {
        public State {
            if (!(progress >= 0 && progress <= 1)) {
                throw new IllegalArgumentException("progress: " + progress + " (expected: 0..1)");
            }
        }

        /** Whether clients are welcome. */
        public boolean isReady() {
            return phase == Phase.READY;
        }
    }

    private volatile State state = new State(Phase.STARTING, 0); // written under this

    /** What holds now. */
    public State state() {
        return state;
    }

    /**
     * The server serves and is warming.
     *
     * @param progress 0 to 1
     */
    public void warming(double progress) {
        change(new State(Phase.WARMING, progress));
    }

    /** The server serves. */
    public void ready() {
        change(new State(Phase.READY, 1));
    }

    /** The server is about to stop. */
    public void draining() {
        change(new State(Phase.DRAINING, 0));
    }

    private synchronized void change(State next) {
        if (state.phase() != Phase.DRAINING) {
            state = next;
        }
    }
}
