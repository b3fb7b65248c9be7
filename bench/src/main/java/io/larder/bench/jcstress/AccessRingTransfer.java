package io.larder.bench.jcstress;

import io.larder.server.accesslog.StressRing;
import io.larder.server.accesslog.StressRing.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The access log's ring between its producer and its consumer: entries come whole and in order,
 * though the producer writes over slots as soon as they are free.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole and in order.")
@Outcome(
        id = "-1",
        expect = Expect.FORBIDDEN,
        desc = "An entry that was not written yet, or one that overtook.")
@State
public class AccessRingTransfer {
    private final StressRing ring = new StressRing(Fault.NONE);

    /** Offers more than there is room for. */
    @Actor
    public void produce() {
        ring.produce();
    }

    /** Takes what comes. */
    @Actor
    public void consume(I_Result result) {
        result.r1 = ring.consume();
    }
}
