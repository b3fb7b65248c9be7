package io.larder.bench.jcstress;

import io.larder.server.memory.Memory;
import io.larder.server.memory.OffHeapMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Message passing over two words of {@link OffHeapMemory}: a plain store published by a release
 * store is visible to whoever acquires the flag. All that the store publishes rests on this.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Read before either store.")
@Outcome(
        id = "0, 1",
        expect = Expect.ACCEPTABLE,
        desc = "Flag read before it was set, message after.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Flag seen, and the message with it.")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "Flag seen, but not the message.")
@State
public class OffHeapMessagePassing {
    private static final int LINES = 2;

    private final Memory memory = StressMemory.memory();
    private final long message = StressMemory.claimZeroed(LINES);
    private final long flag = message + StressMemory.LINE_BYTES;

    /** Stores the message, then the flag. */
    @Actor
    public void send() {
        memory.putLong(message, 1);
        memory.putLongRelease(flag, 1);
    }

    /** Reads the flag, then the message. */
    @Actor
    public void receive(JJ_Result result) {
        result.r1 = memory.getLongAcquire(flag);
        result.r2 = memory.getLong(message);
    }
}
