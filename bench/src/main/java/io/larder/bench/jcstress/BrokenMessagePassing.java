package io.larder.bench.jcstress;

import io.larder.server.memory.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * {@link OffHeapMessagePassing} with a fault planted, the flag stored before the message. It must
 * fail: a stress run that misses even this would prove nothing by passing.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Read before either store.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Flag read before, message after.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Flag seen, and the message with it.")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "Flag seen, but not the message.")
@State
public class BrokenMessagePassing {
    private static final int LINES = 2;

    private final Memory memory = StressMemory.memory();
    private final long message = StressMemory.claimZeroed(LINES);
    private final long flag = message + StressMemory.LINE_BYTES;

    /** Stores the flag, then the message: the fault. */
    @Actor
    public void send() {
        memory.putLongRelease(flag, 1);
        memory.putLongRelease(message, 1);
    }

    /** Reads the flag, then the message. */
    @Actor
    public void receive(JJ_Result result) {
        result.r1 = memory.getLongAcquire(flag);
        result.r2 = memory.getLong(message);
    }
}
