package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.text.QuotedText;
import io.larder.server.auth.Caller;
import io.larder.server.limit.CommandGroup;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.metrics.UncaughtErrors;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The commands by name: takes a line apart, checks its words against the command's usage and runs
 * it. For any thread, once built.
 */
final class AdminCommandTable {
    /** Characters of the input that an error repeats. */
    private static final int ECHO_LENGTH = 64;

    /** In front of any command: its answer in JSON. */
    private static final String JSON = "json";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z-]*");

    private final Map<String, AdminCommand> commands = new LinkedHashMap<>();
    private final UncaughtErrors errors;
    private final DisabledCommands disabled;

    /**
     * @param errors told of what a command throws
     * @param disabled groups that are off
     */
    AdminCommandTable(
            UncaughtErrors errors, DisabledCommands disabled, List<AdminCommand> commands) {
        this.errors = errors;
        this.disabled = disabled;
        commands.forEach(this::add);
    }

    /** Adds a command; help adds itself last, since it shows the others. */
    AdminCommandTable add(AdminCommand command) {
        String name = command.name();
        if (!NAME.matcher(name).matches() || commands.put(name, command) != null) {
            throw new IllegalArgumentException(
                    "name: " + name + " (expected: " + NAME.pattern() + ", not yet taken)");
        }
        return this;
    }

    /** The command of this name; null if there is none. */
    @Nullable AdminCommand find(String name) {
        return commands.get(name);
    }

    /** All commands, in the order in which they were added. */
    Collection<AdminCommand> commands() {
        return commands.values();
    }

    /** Answers a line, given without its end. */
    void run(byte[] line, AdminReply reply) {
        List<byte[]> words;
        try {
            words = QuotedText.words(line);
        } catch (IllegalArgumentException e) {
            reply.error("bad-quoting", echo(line) + ": " + e.getMessage());
            return;
        }
        if (words.isEmpty()) {
            reply.error("empty-line", "(expected: " + names() + ")");
            return;
        }
        if (words.size() > 1 && new String(words.get(0), UTF_8).equals(JSON)) {
            words = words.subList(1, words.size());
            reply.asJson();
        }
        AdminCommand command = commands.get(new String(words.get(0), UTF_8));
        if (!reply.caller().isKnown() && !isFree(command)) {
            reply.error("auth-required", "(expected: auth USER PASSWORD, or auth TOKEN, before)");
            return;
        }
        if (command == null) {
            reply.error("unknown-command", echo(words.get(0)) + " (expected: " + names() + ")");
            return;
        }
        run(command, words.subList(1, words.size()), reply);
    }

    private static boolean isFree(@Nullable AdminCommand command) {
        return command != null && AdminAccess.isFree(command.name());
    }

    private void run(AdminCommand command, List<byte[]> arguments, AdminReply reply) {
        String usage = command.usage();
        int most = usage.isEmpty() ? 0 : usage.split(" ", -1).length;
        int least = most - (int) usage.chars().filter(c -> c == '[').count();
        if (arguments.size() < least || arguments.size() > most) {
            reply.error(
                    "wrong-arguments",
                    arguments.size() + " arguments (expected: " + synopsis(command) + ")");
            return;
        }
        Caller caller = reply.caller();
        caller.countRequest();
        BooleanSupplier admission = () -> AdminAccess.admits(caller, command.name(), arguments);
        if (!admission.getAsBoolean()) {
            caller.forbidden("admin " + command.name());
            reply.error("forbidden", command.name() + " (expected: a right to it)");
            return;
        }
        reply.admission(admission);
        CommandGroup group = AdminGroups.of(command.name(), arguments);
        if (disabled.refuses(group)) {
            reply.error(
                    "disabled",
                    command.name() + " (expected: a command that commands.disabled does not name)");
            return;
        }
        if (AdminAccess.isToldOf(command.name(), arguments)) {
            caller.operated("admin " + words(command, arguments));
        }
        try {
            command.run(arguments, reply);
            if (!reply.isEnded() && !reply.mayEndLater()) {
                throw new IllegalStateException(command.name() + " has not ended its answer");
            }
        } catch (RuntimeException | Error e) {
            errors.record(e);
            reply.error("internal", command.name() + " failed: " + e);
        }
    }

    private static String words(AdminCommand command, List<byte[]> arguments) {
        StringBuilder words = new StringBuilder(command.name());
        for (byte[] argument : arguments) {
            words.append(' ').append(new String(argument, UTF_8));
        }
        return words.toString();
    }

    /** A command as one types it. */
    static String synopsis(AdminCommand command) {
        return (command.name() + ' ' + command.usage()).strip();
    }

    private String names() {
        return String.join(", ", commands.keySet());
    }

    private static String echo(byte[] input) {
        String text = new String(input, UTF_8);
        return text.codePointCount(0, text.length()) <= ECHO_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, ECHO_LENGTH)) + '…';
    }
}
