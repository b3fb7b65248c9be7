package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A value is replaced under a reader, who sees the one or the other, whole. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Read before the swing.")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Read after it.")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "Missed a key that was there all along.")
@Outcome(id = "-1", expect = Expect.FORBIDDEN, desc = "Part of one value, part of the other.")
@State
public class TornRead {
    private final OverwriteScenario scenario = new OverwriteScenario(Fault.NONE);

    /** Replaces the value. */
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
