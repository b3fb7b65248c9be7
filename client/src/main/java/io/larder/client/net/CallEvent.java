package io.larder.client.net;

import io.larder.client.api.CallListener.Ended;
import io.larder.client.api.LarderException;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * A call in the recordings of Java's Flight Recorder; by default those that take 10 ms or more. Its
 * fields are {@link Ended}'s. The one class that touches {@code jdk.jfr}, which a runtime may lack:
 * only {@link FlightRecording} uses it.
 */
@Name("larder.Call")
@Label("Larder Call")
@Description("A call to a Larder server, from its caller to its answer")
@Category("Larder")
@StackTrace(false)
@Threshold("10 ms")
final class CallEvent extends Event {
    @Label("Operation")
    @Nullable String operation;

    @Label("Region")
    @Nullable String region;

    @Label("Caller")
    @Nullable Thread caller;

    @Label("Outcome")
    @Nullable String outcome;

    @Label("Items Done")
    int itemsDone;

    @Label("Items Missed")
    int itemsMissed;

    @Label("Request Size")
    @DataAmount
    long requestBytes;

    @Label("Reply Size")
    @DataAmount
    long replyBytes;

    @Label("Retries")
    int retries;

    @Label("Reason")
    @Nullable String reason;

    /** Whether somebody records it now. The object is the compiler's to leave out. */
    static boolean isRecorded() {
        return new CallEvent().isEnabled();
    }

    /** The event of a call that begins now, on its caller's thread. */
    static CallEvent start(String operation, String region) {
        CallEvent event = new CallEvent();
        event.operation = operation;
        event.region = region;
        event.caller = Thread.currentThread();
        event.begin();
        return event;
    }

    /** The call has ended. */
    void record(Ended call) {
        end();
        if (!shouldCommit()) {
            return;
        }
        outcome = call.outcome().name();
        itemsDone = call.itemsDone();
        itemsMissed = call.itemsMissed();
        requestBytes = call.requestBytes();
        replyBytes = call.replyBytes();
        retries = call.retries();
        LarderException failure = call.reason();
        reason = failure == null ? null : String.valueOf(failure.getMessage());
        commit();
    }
}
