package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * {@link SlowWriter} with a fault planted: its segment is recycled although the item is pending.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Stored, and what was stored.")
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "Refused for want of room, and not there.")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "Acknowledged, then lost.")
@Outcome(
        id = {"-1", "2"},
        expect = Expect.FORBIDDEN,
        desc = "Acknowledged, then others' bytes.")
@State
public class BrokenSlowWriter {
    private final SlowWriterScenario scenario = new SlowWriterScenario(Fault.PENDING_IGNORED);

    /** Stores a value that is copied without the lock. */
    @Actor
    public void store() {
        scenario.store();
    }

    /** Fills the segment, frees what can be freed, fills that. */
    @Actor
    public void fill() {
        scenario.fill();
    }

    /** Reads what was stored. */
    @Arbiter
    public void read(I_Result result) {
        result.r1 = scenario.read();
    }
}
