package io.larder.server.admin;

import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import java.util.List;

/** Empties every region. */
final class FlushCommand implements AdminCommand {
    private final RegionTable regions;

    FlushCommand(RegionTable regions) {
        this.regions = regions;
    }

    @Override
    public String name() {
        return "flush";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "removes every item of every region, at once";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        try {
            regions.clearAll();
            reply.ok();
        } catch (RegionLimitException e) {
            reply.error("out-of-spaces", e.getMessage() + "; restart the server");
        }
    }
}
