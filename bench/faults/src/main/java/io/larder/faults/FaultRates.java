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
 * @param damageRequest a bit of the last byte of a request's body is turned over; HELLO excepted
 * @param damageReply the same of a reply
 */
public record FaultRates(
        double dropPush,
        double delayPush,
        int delayMillisMax,
        double dropSync,
        double stall,
        int stallMillisMax,
        double sever,
        double damageRequest,
        double damageReply) {

    /** What goes wrong but for damage, of which there is none. */
    public FaultRates(
            double dropPush,
            double delayPush,
            int delayMillisMax,
            double dropSync,
            double stall,
            int stallMillisMax,
            double sever) {
        this(dropPush, delayPush, delayMillisMax, dropSync, stall, stallMillisMax, sever, 0, 0);
    }

    /** The same with other rates of damage. */
    public FaultRates damage(double request, double reply) {
        return new FaultRates(
                dropPush,
                delayPush,
                delayMillisMax,
                dropSync,
                stall,
                stallMillisMax,
                sever,
                request,
                reply);
    }

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
        requireRate("damageRequest", damageRequest);
        requireRate("damageReply", damageReply);
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
