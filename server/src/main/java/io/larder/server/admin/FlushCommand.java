package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import java.util.List;

/** Empties every region, or one, or ends the items of one that have a tag or a key prefix. */
final class FlushCommand implements AdminCommand {
    private static final String FORMS =
            "flush, flush region REGION, flush tag REGION TAG or flush prefix REGION PREFIX";

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
        return "removes every item at once, or those of a region, a tag or a prefix: " + FORMS;
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (arguments.isEmpty()) {
            clear(RegionTable.NONE, reply);
            return;
        }
        String what = new String(arguments.get(0), UTF_8);
        int wanted = what.equals("region") ? 2 : 3;
        if (!List.of("region", "tag", "prefix").contains(what) || arguments.size() != wanted) {
            reply.error("wrong-arguments", arguments.size() + " (expected: " + FORMS + ")");
            return;
        }
        String name = new String(arguments.get(1), UTF_8);
        int region = regions.find(name);
        if (region == RegionTable.NONE) {
            reply.error("unknown-region", name + " (expected: one of those that regions lists)");
        } else if (what.equals("region")) {
            clear(region, reply);
        } else {
            invalidate(what.equals("tag"), region, arguments.get(2), reply);
        }
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

    private void invalidate(boolean isTag, int region, byte[] text, AdminReply reply) {
        int most = isTag ? ProtocolLimits.TAG_BYTES_MAX : ProtocolLimits.KEY_BYTES_MAX;
        if (text.length < 1 || text.length > most) {
            reply.error("text-length", text.length + " (expected: 1.." + most + " bytes)");
            return;
        }
        boolean isDone =
                isTag ? invalidations.tag(region, text) : invalidations.prefix(region, text);
        if (isDone) {
            reply.ok();
        } else {
            reply.error("busy", "too many since the last sweep (expected: a later try)");
        }
    }
}
