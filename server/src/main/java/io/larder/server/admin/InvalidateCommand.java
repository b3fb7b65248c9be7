package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.DurationType;
import java.util.List;

/** Ends items of the default region by prefix or tag, or a region's, at once or after a while. */
final class InvalidateCommand implements AdminCommand {
    private static final long DELAY_MILLIS_MAX = 24 * 3_600_000L;
    private static final String FORMS =
            "invalidate prefix PREFIX, invalidate tag TAG or invalidate region REGION, and perhaps"
                    + " after TIME";

    private final FlushCommand flush;

    InvalidateCommand(FlushCommand flush) {
        this.flush = flush;
    }

    @Override
    public String name() {
        return "invalidate";
    }

    @Override
    public String usage() {
        return "WHAT TEXT [after] [TIME]";
    }

    @Override
    public String summary() {
        return "ends the default region's items under a prefix or tag, or a region's: " + FORMS;
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        boolean isLate = arguments.size() > 2;
        if (isLate && (arguments.size() < 4 || !word(arguments, 2).equals("after"))) {
            reply.error("wrong-arguments", word(arguments, 2) + " (expected: " + FORMS + ")");
            return;
        }
        FlushCommand.Flush wanted =
                flush.invalidation(word(arguments, 0), arguments.get(1), FORMS, reply);
        if (wanted == null) {
            return;
        }
        if (!isLate) {
            wanted.run(reply);
            return;
        }
        Long millis =
                AdminArguments.parse(
                        arguments.get(3), new DurationType(0, DELAY_MILLIS_MAX), "time", reply);
        if (millis != null) {
            flush.later(wanted, millis, reply);
        }
    }

    private static String word(List<byte[]> arguments, int index) {
        return new String(arguments.get(index), UTF_8);
    }
}
