package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * {@link RecycledUnderReader} with a fault planted: the generation is not checked after the copy.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found, at the old place or the new.")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "Missed a key that was there all along.")
@Outcome(
        id = {"-1", "2"},
        expect = Expect.FORBIDDEN,
        desc = "Bytes of the segment's next life.")
@State
public class BrokenRecycledUnderReader {
    private final RecycleScenario scenario = new RecycleScenario(Fault.GENERATION_UNCHECKED);

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
