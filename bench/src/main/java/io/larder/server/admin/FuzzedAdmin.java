package io.larder.server.admin;

import io.larder.server.auth.AccessControl;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.metrics.UncaughtErrors;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Set;

/** The telnet admin's lines, with a few commands. Stateless. */
public final class FuzzedAdmin {
    private FuzzedAdmin() {}

    /** Has a channel speak it. */
    public static void speak(Channel channel, UncaughtErrors errors) {
        AdminCommandTable commands =
                new AdminCommandTable(
                        errors,
                        new DisabledCommands(Set.of()),
                        List.of(new RuokCommand(), new VersionCommand("1"), new QuitCommand()));
        commands.add(new HelpCommand(commands));
        channel.pipeline()
                .addLast(new AdminLineDecoder())
                .addLast(new AdminHandler(commands, errors, AccessControl.open()));
    }
}
