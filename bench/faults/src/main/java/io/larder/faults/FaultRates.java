package io.larder.faults;

/**
 * How often a {@link FaultProxy} does what. Rates are probabilities, 0 to 1, of each frame that
 * they are about.
 *
 * @param dropPush a push is lost
 * @param delayPush a push is held back, for up to {@code delayMillisMax}, and overtaken by what
 *     comes behind it, pushes and replies alike
 * @param delayMillisMax the longest delay of a push
 * @param dropSync the reply to a SYNC is lost
 * @param stall what the server sends is held up as a whole, for up to {@code stallMillisMax}
 * @param stallMillisMax the longest stall
 * @param sever the connection is cut off, both ways, in the middle of whatever it carries
 */
public record FaultRates(
        double dropPush,
        double delayPush,
        int delayMillisMax,
        double dropSync,
        double stall,
        int stallMillisMax,
        double sever) {

    /** Nothing goes wrong. */
    public static final FaultRates NONE = new FaultRates(0, 0, 1, 0, 0, 1, 0);

    public FaultRates {
        requireRate("dropPush", dropPush);
        requireRate("delayPush", delayPush);
        requireMillis("delayMillisMax", delayMillisMax);
        requireRate("dropSync", dropSync);
        requireRate("stall", stall);
        requireMillis("stallMillisMax", stallMillisMax);
        requireRate("sever", sever);
    }

    private static void requireRate(String name, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException(name + ": " + rate + " (expected: 0..1)");
        }
    }

    private static void requireMillis(String name, int millis) {
        if (millis < 1 || millis > 60_000) {
            throw new IllegalArgumentException(name + ": " + millis + " (expected: 1..60000)");
        }
    }
}
