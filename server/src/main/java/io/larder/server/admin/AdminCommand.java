package io.larder.server.admin;

import java.util.List;

/**
 * One thing an operator can ask for. Stateless or safe for any thread; called on the admin's event
 * loop, which it should not block for longer than a person waits.
 */
public interface AdminCommand {
    /** The word that asks for it, lower case. */
    String name();

    /**
     * Its arguments, a word each, {@code [OPTIONAL]} ones last; empty if it takes none. How many
     * are accepted follows from this text.
     */
    String usage();

    /** What it does, in a few words, for {@code help}. */
    String summary();

    /**
     * Does it and ends the reply, once, by one of its final methods; or takes its {@link
     * AdminReply#connection} and ends it later. What it throws is answered {@code ERROR internal}
     * and counted.
     *
     * @param arguments as many as {@link #usage} says, unquoted
     */
    void run(List<byte[]> arguments, AdminReply reply);
}
