package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The segment of a reader's item is recycled under it, and its memory filled with other items. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found, at the old place or the new.")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "Missed a key that was there all along.")
@Outcome(
        id = {"-1", "2"},
        expect = Expect.FORBIDDEN,
        desc = "Bytes of the segment's next life.")
@State
public class RecycledUnderReader {
    private final RecycleScenario scenario = new RecycleScenario(Fault.NONE);

    /** Copies the item on, frees its segment and fills it again. */
    @Actor
    public void write() {
        scenario.write();
    }

    /** Reads the key. */
    @Actor
    public void read(I_Result result) {
        result.r1 = scenario.read();
    }
}
