package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The chain of a reader's value is freed under it, unless it is pinned, and used again. */
@JCStressTest
@Outcome(
        id = {"1", "2"},
        expect = Expect.ACCEPTABLE,
        desc = "The old value or the new one.")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "Missed a key that was there all along.")
@Outcome(
        id = {"-1", "3"},
        expect = Expect.FORBIDDEN,
        desc = "Bytes of the value that has the segments now.")
@State
public class ChainUnderReader {
    private final ChainScenario scenario = new ChainScenario(Fault.NONE);

    /** Replaces the value, and has its segments used again. */
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
