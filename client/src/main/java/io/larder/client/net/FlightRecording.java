package io.larder.client.net;

import java.util.function.LongSupplier;

/**
 * The calls in Java's Flight Recorder: any recording of this JVM has them, without a setting here.
 * Without one a call costs a look whether there is one. Any thread.
 */
final class FlightRecording {
    private static final boolean IS_POSSIBLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecording() {}

    /** Whether somebody records now. */
    static boolean isOn() {
        return IS_POSSIBLE && CallEvent.isRecorded();
    }

    /** Records a call that begins, when it ends. On its caller's thread. */
    static void follow(Call<?> call, LongSupplier nanoClock) {
        CallEvent event = CallEvent.start(call.request.opcode.name(), call.request.region.name());
        var unused =
                call.whenComplete(
                        (result, failure) ->
                                event.record(CallReports.ended(call, failure, nanoClock)));
    }
}
