package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The bucket of a reader's key is split under it, and the key's slot moves. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Found, at the old place or the new.")
@Outcome(
        id = {"0", "-1", "2"},
        expect = Expect.FORBIDDEN,
        desc = "Missed, or mistook, a key that was there all along.")
@State
public class SplitUnderReader {
    private final SplitScenario scenario = new SplitScenario(Fault.NONE);

    /** Adds the key that splits the bucket. */
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
