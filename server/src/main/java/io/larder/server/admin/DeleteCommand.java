package io.larder.server.admin;

import java.util.List;

/** Removes a key of the default region. */
final class DeleteCommand implements AdminCommand {
    private final AdminItems items;

    DeleteCommand(AdminItems items) {
        this.items = items;
    }

    @Override
    public String name() {
        return "delete";
    }

    @Override
    public String usage() {
        return "KEY";
    }

    @Override
    public String summary() {
        return "removes a key; ERROR not-found if it is not there";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        byte[] key = arguments.get(0);
        if (!AdminItems.isKey(key, reply)) {
            return;
        }
        if (items.delete(key)) {
            reply.ok();
        } else {
            reply.error("not-found", "no such key (expected: one that is there)");
        }
    }
}
