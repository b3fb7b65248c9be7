package io.larder.server.compat.resp;

import io.larder.server.compat.Items;
import io.larder.server.compat.ScratchSink;
import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.store.Mutation;
import io.larder.server.store.WriteStatus;

/** Commands about when items expire. Stateless. */
final class ExpiryCommands {
    private static final long MISSING = -2;
    private static final long NEVER = -1;

    private ExpiryCommands() {}

    static void addTo(CommandTable table) {
        addExpire(table, "expire", true, false);
        addExpire(table, "pexpire", false, false);
        addExpire(table, "expireat", true, true);
        addExpire(table, "pexpireat", false, true);
        addTime(table, "ttl", true, false);
        addTime(table, "pttl", false, false);
        addTime(table, "expiretime", true, true);
        addTime(table, "pexpiretime", false, true);
        table.addKeyed("persist", 2, Access.CHANGES, "Ends no more", ExpiryCommands::persist);
        table.addKeyed(
                "getex", -2, Access.CHANGES, "Gets, with another end", SetCommand::getAndExpire);
    }

    private static void addExpire(
            CommandTable table, String name, boolean isSeconds, boolean isAt) {
        table.addKeyed(
                name,
                -3,
                Access.CHANGES,
                "Sets when an item expires",
                talk -> expire(talk, isSeconds, isAt));
    }

    private static void addTime(CommandTable table, String name, boolean isSeconds, boolean isAt) {
        table.addKeyed(
                name,
                2,
                Access.READS,
                "Tells when an item expires",
                talk -> tell(talk, isSeconds, isAt));
    }

    private static void expire(RespTalk talk, boolean isSeconds, boolean isAt) {
        boolean[] has = new boolean[CONDITIONS.length];
        for (int i = 3; i < talk.count(); i++) {
            int condition = condition(talk, i);
            if (condition < 0) {
                talk.reply.error("ERR Unsupported option " + talk.text(i));
                return;
            }
            has[condition] = true;
        }
        if (has[NX] && (has[XX] || has[GT] || has[LT])) {
            talk.reply.error("ERR NX and XX, GT or LT options at the same time are not compatible");
            return;
        }
        if (has[GT] && has[LT]) {
            talk.reply.error("ERR GT and LT options at the same time are not compatible");
            return;
        }
        if (!talk.readNumber(2)) {
            return;
        }
        long number = talk.number();
        if (!Expiries.fits(talk.items(), number, isSeconds, isAt)) {
            talk.reply.error("ERR invalid expire time in '" + talk.lowerText(0) + "' command");
            return;
        }
        long millis = isSeconds ? number * 1000 : number;
        long expiryMillis = Expiries.expiryMillis(talk.items(), millis, isAt);
        apply(talk, expiryMillis, has);
    }

    private static final String[] CONDITIONS = {"nx", "xx", "gt", "lt"};
    private static final int NX = 0;
    private static final int XX = 1;
    private static final int GT = 2;
    private static final int LT = 3;

    private static int condition(RespTalk talk, int argument) {
        for (int i = 0; i < CONDITIONS.length; i++) {
            if (talk.is(argument, CONDITIONS[i])) {
                return i;
            }
        }
        return -1;
    }

    private static void apply(RespTalk talk, long expiryMillis, boolean[] has) {
        Items items = talk.items();
        ScratchSink seen = talk.bench.glance;
        Mutation mutation = talk.key(1);
        boolean isHit = items.look(mutation.key, seen);
        long before = seen.expiryMillis(); // NEVER is above all others
        boolean isWanted =
                isHit
                        && !(has[NX] && before != Mutation.NEVER)
                        && !(has[XX] && before == Mutation.NEVER)
                        && !(has[GT] && expiryMillis <= before)
                        && !(has[LT] && expiryMillis >= before);
        if (!isWanted) {
            talk.reply.number(0);
            return;
        }
        mutation.expiryMillis = expiryMillis;
        WriteStatus status =
                expiryMillis <= items.nowMillis()
                        ? items.delete(mutation)
                        : items.touch(mutation, null);
        if (status == WriteStatus.DONE || status == WriteStatus.MISSING) {
            talk.reply.number(status == WriteStatus.DONE ? 1 : 0);
        } else {
            talk.refuse(status);
        }
    }

    private static void tell(RespTalk talk, boolean isSeconds, boolean isAt) {
        ScratchSink seen = talk.bench.glance;
        if (!talk.items().look(talk.key(1).key, seen)) {
            talk.reply.number(MISSING);
        } else if (seen.expiryMillis() == Mutation.NEVER) {
            talk.reply.number(NEVER);
        } else {
            long millis = isAt ? Expiries.unixMillis(seen.expiryMillis()) : seen.ttlMillis();
            talk.reply.number(isSeconds ? (millis + 500) / 1000 : millis);
        }
    }

    private static void persist(RespTalk talk) {
        Mutation mutation = talk.key(1);
        boolean isHit = talk.items().look(mutation.key, talk.bench.glance);
        if (!isHit || talk.bench.glance.expiryMillis() == Mutation.NEVER) {
            talk.reply.number(0);
            return;
        }
        mutation.expiryMillis = Mutation.NEVER;
        talk.reply.number(talk.items().touch(mutation, null) == WriteStatus.DONE ? 1 : 0);
    }
}
