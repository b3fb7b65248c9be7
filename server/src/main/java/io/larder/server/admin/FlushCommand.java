package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.config.DurationType;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties every region, or one, or ends the items of one that have a tag or a key prefix. */
final class FlushCommand implements AdminCommand {
    private static final Logger LOG = LoggerFactory.getLogger(FlushCommand.class);
    private static final long DELAY_MILLIS_MAX = 24 * 3_600_000L;
    private static final String FORMS =
            "flush, flush DELAY, flush region REGION, flush tag REGION TAG or flush prefix REGION"
                    + " PREFIX";

    /** What is to be done, checked as far as it can be before. */
    @FunctionalInterface
    interface Flush {
        /** Does it, and ends the answer. */
        void run(AdminReply reply);
    }

    private final RegionTable regions;
    private final Invalidations invalidations;

    FlushCommand(RegionTable regions, Invalidations invalidations) {
        this.regions = regions;
        this.invalidations = invalidations;
    }

    @Override
    public String name() {
        return "flush";
    }

    @Override
    public String usage() {
        return "[WHAT] [REGION] [TEXT]";
    }

    @Override
    public String summary() {
        return "removes every item, at once or after DELAY, or those of a region, a tag or a prefix: "
                + FORMS;
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (arguments.isEmpty()) {
            clear(RegionTable.NONE, reply);
            return;
        }
        String what = new String(arguments.get(0), UTF_8);
        if (arguments.size() == 1 && !what.isEmpty() && Character.isDigit(what.charAt(0))) {
            Long millis =
                    AdminArguments.parse(
                            arguments.get(0),
                            new DurationType(0, DELAY_MILLIS_MAX),
                            "delay",
                            reply);
            if (millis != null) {
                later(late -> clear(RegionTable.NONE, late), millis, reply);
            }
            return;
        }
        int wanted = what.equals("region") ? 2 : 3;
        if (!List.of("region", "tag", "prefix").contains(what) || arguments.size() != wanted) {
            reply.error("wrong-arguments", arguments.size() + " (expected: " + FORMS + ")");
            return;
        }
        int region = region(arguments.get(1), reply);
        if (region != RegionTable.NONE) {
            flush(what, region, arguments.get(wanted - 1), reply);
        }
    }

    private void flush(String what, int region, byte[] text, AdminReply reply) {
        if (what.equals("region")) {
            clear(region, reply);
        } else if (isFit(what, text, reply)) {
            invalidate(what.equals("tag"), region, text, reply);
        }
    }

    /** What {@code invalidate} asks for; null if it cannot be, and the answer has ended. */
    @Nullable Flush invalidation(String what, byte[] text, String forms, AdminReply reply) {
        switch (what) {
            case "region" -> {
                int region = region(text, reply);
                return region == RegionTable.NONE ? null : late -> clear(region, late);
            }
            case "tag", "prefix" -> {
                return isFit(what, text, reply)
                        ? late -> invalidate(what.equals("tag"), RegionTable.DEFAULT_ID, text, late)
                        : null;
            }
            default -> {
                reply.error("wrong-arguments", what + " (expected: " + forms + ")");
                return null;
            }
        }
    }

    /** Does it after a while, whatever becomes of the connection, and says so now. */
    void later(Flush flush, long delayMillis, AdminReply reply) {
        reply.connection()
                .schedule(
                        () -> {
                            AdminReply late = AdminReply.unsent();
                            flush.run(late);
                            LOG.info("a delayed flush: {}", late.text());
                        },
                        delayMillis);
        reply.ok();
    }

    private int region(byte[] name, AdminReply reply) {
        String text = new String(name, UTF_8);
        int region = regions.find(text);
        if (region == RegionTable.NONE) {
            reply.error("unknown-region", text + " (expected: one of those that regions lists)");
        }
        return region;
    }

    private void clear(int region, AdminReply reply) {
        try {
            if (region == RegionTable.NONE) {
                regions.clearAll();
            } else {
                regions.clear(region);
            }
            reply.ok();
        } catch (RegionLimitException e) {
            reply.error("out-of-spaces", e.getMessage() + "; restart the server");
        }
    }

    private static boolean isFit(String what, byte[] text, AdminReply reply) {
        int most = what.equals("tag") ? ProtocolLimits.TAG_BYTES_MAX : ProtocolLimits.KEY_BYTES_MAX;
        if (text.length < 1 || text.length > most) {
            reply.error("text-length", text.length + " (expected: 1.." + most + " bytes)");
            return false;
        }
        return true;
    }

    private void invalidate(boolean isTag, int region, byte[] text, AdminReply reply) {
        boolean isDone =
                isTag ? invalidations.tag(region, text) : invalidations.prefix(region, text);
        if (isDone) {
            reply.ok();
        } else {
            reply.error("busy", "too many since the last sweep (expected: a later try)");
        }
    }
}
