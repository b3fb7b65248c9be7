package io.larder.bench.jcstress;

import io.larder.server.accesslog.StressEvents;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The event log between one that offers and the one that drains: losses are told in their place.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole, in order, losses told in time.")
@Outcome(
        id = "-1",
        expect = Expect.FORBIDDEN,
        desc = "An event that was not written yet, or a loss told after what came behind it.")
@State
public class EventLogTransfer {
    private final StressEvents events = new StressEvents();

    /** Offers more than there is room for. */
    @Actor
    public void produce() {
        events.produce();
    }

    /** Drains the log. */
    @Actor
    public void consume(I_Result result) {
        result.r1 = events.consume();
    }
}
