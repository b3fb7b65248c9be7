package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.store.StoreCheck;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Looks for what should not be: faults of the store's own structure, and errors that nobody
 * handled. The store is looked through on a thread of its own, once at a time.
 */
final class DebugCommand implements AdminCommand {
    private final Supplier<StoreCheck> check;
    private final UncaughtErrors errors;
    private final AtomicBoolean isChecking = new AtomicBoolean();

    DebugCommand(Supplier<StoreCheck> check, UncaughtErrors errors) {
        this.check = check;
        this.errors = errors;
    }

    @Override
    public String name() {
        return "debug";
    }

    @Override
    public String usage() {
        return "WHAT";
    }

    @Override
    public String summary() {
        return "holds index, segments and counters against each other (check), or lists errors that"
                + " nobody handled (errors)";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        String what = new String(arguments.get(0), UTF_8);
        switch (what) {
            case "check" -> beginCheck(reply);
            case "errors" -> listErrors(reply);
            default ->
                    reply.error(
                            "wrong-arguments", what + " (expected: debug check or debug errors)");
        }
    }

    private void beginCheck(AdminReply reply) {
        if (!isChecking.compareAndSet(false, true)) {
            reply.error("busy", "a check is under way (expected: a later try)");
            return;
        }
        AdminConnection connection = reply.connection();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                StoreCheck found = check.get();
                                connection.execute(() -> tell(found, reply));
                            } catch (RuntimeException | Error e) {
                                errors.record(e);
                                connection.execute(() -> fail(e, reply));
                            } finally {
                                isChecking.set(false);
                            }
                        },
                        "larder-check");
        thread.setDaemon(true);
        thread.start();
    }

    private static void fail(Throwable error, AdminReply reply) {
        if (!reply.isCancelled()) {
            reply.error("internal", "the check failed: " + error);
        }
    }

    private static void tell(StoreCheck found, AdminReply reply) {
        if (reply.isCancelled()) {
            return;
        }
        if (found.faultsFound() > 0) {
            reply.error(
                    "damaged",
                    found.faultsFound() + " faults: " + String.join("; ", found.faults()));
            return;
        }
        reply.figure("slots", found.slots());
        reply.figure("items", found.items());
        reply.figure("segments", found.segments());
        reply.figure("faults", found.faultsFound());
        reply.figure(
                "longest_hold_micros", TimeUnit.NANOSECONDS.toMicros(found.longestHoldNanos()));
        reply.end();
    }

    private void listErrors(AdminReply reply) {
        reply.beginList();
        errors.forEach(
                (count, firstMillis, lastMillis, trace) -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("count", count);
                    row.put("first", Instant.ofEpochMilli(firstMillis).toString());
                    row.put("last", Instant.ofEpochMilli(lastMillis).toString());
                    row.put("error", firstLines(trace));
                    reply.row("FAULT", row);
                });
        reply.end();
    }

    /** What it was, and where it was thrown. */
    private static String firstLines(String trace) {
        String[] lines = trace.split("\\R", 3);
        return lines.length > 1 ? lines[0] + ' ' + lines[1].strip() : lines[0];
    }
}
