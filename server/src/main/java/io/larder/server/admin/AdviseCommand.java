package io.larder.server.admin;

import io.larder.server.insight.KeyInsight;
import java.util.List;

/** What an operator might do, a sentence a line; none if all is well, or little is known. */
final class AdviseCommand implements AdminCommand {
    private final KeyInsight insight;

    AdviseCommand(KeyInsight insight) {
        this.insight = insight;
    }

    @Override
    public String name() {
        return "advise";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "what another memory limit would bring, which prefixes take more room than they are"
                + " worth, and where items expire too early";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        reply.beginList();
        insight.advice().forEach(reply::line);
        reply.end();
    }
}
