package io.larder.server.compat.resp;

import io.larder.server.compat.KeyRow;
import io.larder.server.compat.ScratchSink;
import io.larder.server.compat.resp.Editing.Change;
import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.WriteStatus;
import java.util.Arrays;

/** Commands that read and write values as a whole, or parts of them. Stateless. */
final class ValueCommands {
    private ValueCommands() {}

    static void addTo(CommandTable table) {
        table.addKeyed("get", 2, Access.READS, "Gets a value", ValueCommands::get);
        table.addKeyed("set", -3, Access.REPLACES, "Sets a value", SetCommand::run);
        table.addKeyed("setnx", 3, Access.CHANGES, "Sets a new value", ValueCommands::setNew);
        table.addKeyed("setex", 4, Access.REPLACES, "Sets for seconds", t -> setFor(t, 1000));
        table.addKeyed("psetex", 4, Access.REPLACES, "Sets for millis", t -> setFor(t, 1));
        table.addKeyed("getset", 3, Access.CHANGES, "Swaps a value", ValueCommands::getSet);
        table.addKeyed("getdel", 2, Access.CHANGES, "Gets and deletes", ValueCommands::getDelete);
        table.addKeyed("append", 3, Access.CHANGES, "Appends", ValueCommands::append);
        table.addKeyed("strlen", 2, Access.READS, "Length of a value", ValueCommands::length);
        table.addKeyed("getrange", 4, Access.READS, "Part of a value", ValueCommands::range);
        table.addKeyed("substr", 4, Access.READS, "Part of a value", ValueCommands::range);
        table.addKeyed("setrange", 4, Access.CHANGES, "Sets a part", ValueCommands::setRange);
        table.add(
                new RespCommand(
                        "mget", -2, 1, -1, 1, Access.READS, "Gets values", ValueCommands::getMany));
        table.add(
                new RespCommand(
                        "mset",
                        -3,
                        1,
                        -1,
                        2,
                        Access.REPLACES,
                        "Sets values",
                        ValueCommands::setMany));
        table.add(
                new RespCommand(
                        "msetnx",
                        -3,
                        1,
                        -1,
                        2,
                        Access.CHANGES,
                        "Sets values if all keys are new",
                        ManyNew::run));
    }

    private static void get(RespTalk talk) {
        one(talk, 1);
    }

    private static void one(RespTalk talk, int argument) {
        Mutation mutation = talk.key(argument);
        BulkSink sink = talk.bench.bulk.into(talk.reply.out());
        if (talk.items().read(mutation.key, sink)) {
            sink.commit();
        } else {
            talk.reply.none();
        }
    }

    private static void getMany(RespTalk talk) {
        KeyRow row = talk.bench.row;
        talk.reply.array(talk.count() - 1);
        for (int first = 1; first < talk.count(); first += KeyRow.KEYS_MAX) {
            int end = Math.min(talk.count(), first + KeyRow.KEYS_MAX);
            row.clear();
            for (int i = first; i < end; i++) {
                row.add(talk.request.bytes(), talk.request.offset(i), talk.request.length(i));
            }
            row.load();
            for (int i = first; i < end; i++) {
                one(talk, i);
            }
        }
    }

    private static void setMany(RespTalk talk) {
        if (talk.count() % 2 == 0) {
            talk.reply.error("ERR wrong number of arguments for 'mset' command");
            return;
        }
        WriteStatus status = WriteStatus.DONE;
        for (int i = 1; i < talk.count() && status == WriteStatus.DONE; i += 2) {
            Mutation mutation = talk.key(i);
            talk.value(mutation, i + 1);
            mutation.expiryMillis = talk.items().defaultExpiryMillis();
            status = talk.items().put(mutation);
        }
        talk.answer(status);
    }

    private static void setNew(RespTalk talk) {
        Mutation mutation = talk.key(1);
        talk.value(mutation, 2);
        mutation.expiryMillis = talk.items().defaultExpiryMillis();
        mutation.presence = Presence.ABSENT;
        WriteStatus status = talk.items().put(mutation);
        if (status == WriteStatus.DONE || status == WriteStatus.EXISTS) {
            talk.reply.number(status == WriteStatus.DONE ? 1 : 0);
        } else {
            talk.refuse(status);
        }
    }

    private static void setFor(RespTalk talk, long unitMillis) {
        if (!talk.readNumber(2)) {
            return;
        }
        long ttl = talk.number();
        if (ttl <= 0 || !Expiries.fits(talk.items(), ttl, unitMillis > 1, false)) {
            talk.reply.error("ERR invalid expire time in '" + talk.lowerText(0) + "' command");
            return;
        }
        Mutation mutation = talk.key(1);
        talk.value(mutation, 3);
        mutation.expiryMillis = talk.items().expiryAfter(ttl * unitMillis);
        talk.answer(talk.items().put(mutation));
    }

    private static void getSet(RespTalk talk) {
        SetCommand.swap(talk, 2, talk.items().defaultExpiryMillis());
    }

    private static void getDelete(RespTalk talk) {
        byte[][] before = new byte[1][];
        WriteStatus status =
                Editing.edit(
                        talk,
                        1,
                        (seen, mutation) -> {
                            before[0] = seen == null ? null : copy(seen);
                            return seen == null ? Change.KEEP : Change.DELETE;
                        });
        if (status != WriteStatus.DONE) {
            talk.refuse(status);
        } else if (before[0] == null) {
            talk.reply.none();
        } else {
            talk.reply.bulk(before[0], before[0].length);
        }
    }

    static byte[] copy(ScratchSink seen) {
        return Arrays.copyOf(seen.value(), seen.valueBytes());
    }

    private static void append(RespTalk talk) {
        long[] length = new long[1];
        WriteStatus status =
                Editing.edit(
                        talk,
                        1,
                        (seen, mutation) -> {
                            int before = seen == null ? 0 : seen.valueBytes();
                            length[0] = (long) before + talk.request.length(2);
                            if (seen == null) {
                                talk.value(mutation, 2);
                                return Change.PUT;
                            }
                            splice(talk, seen, mutation, before, 2);
                            return Change.PUT;
                        });
        if (status == WriteStatus.DONE) {
            talk.reply.number(length[0]);
        } else {
            talk.refuse(status);
        }
    }

    /** Has a mutation store the value seen, with an argument's bytes from an offset on. */
    private static void splice(
            RespTalk talk, ScratchSink seen, Mutation mutation, int offset, int argument) {
        int before = seen.valueBytes();
        int bytes = talk.request.length(argument);
        int after = Math.max(before, offset + bytes);
        byte[] value = seen.grown(after);
        if (offset > before) {
            Arrays.fill(value, before, offset, (byte) 0);
        }
        talk.request.bytes().getBytes(talk.request.offset(argument), value, offset, bytes);
        mutation.value.wrap(value, 0, after);
    }

    private static void length(RespTalk talk) {
        boolean isHit = talk.items().read(talk.key(1).key, talk.bench.scratch);
        talk.reply.number(isHit ? talk.bench.scratch.valueBytes() : 0);
    }

    private static void range(RespTalk talk) {
        if (!talk.readNumber(2)) {
            return;
        }
        long from = talk.number();
        if (!talk.readNumber(3)) {
            return;
        }
        long to = talk.number();
        ScratchSink seen = talk.bench.scratch;
        long bytes = talk.items().read(talk.key(1).key, seen) ? seen.valueBytes() : 0;
        boolean isBackwards = from < 0 && to < 0 && from > to;
        long first = Math.max(0, from < 0 ? bytes + from : from);
        long last = Math.min(bytes - 1, Math.max(0, to < 0 ? bytes + to : to));
        if (isBackwards || bytes == 0 || first > last) {
            talk.reply.bulk("");
        } else {
            byte[] part = Arrays.copyOfRange(seen.value(), (int) first, (int) last + 1);
            talk.reply.bulk(part, part.length);
        }
    }

    private static void setRange(RespTalk talk) {
        if (!talk.readNumber(2)) {
            return;
        }
        long offset = talk.number();
        int bytes = talk.request.length(3);
        if (offset < 0) {
            talk.reply.error("ERR offset is out of range");
            return;
        }
        if (bytes > 0 && offset > talk.items().valueBytesMax() - bytes) {
            talk.refuse(WriteStatus.TOO_LARGE);
            return;
        }
        long[] length = new long[1];
        WriteStatus status =
                Editing.edit(
                        talk,
                        1,
                        (seen, mutation) -> {
                            int before = seen == null ? 0 : seen.valueBytes();
                            if (bytes == 0) {
                                length[0] = before;
                                return Change.KEEP;
                            }
                            length[0] = Math.max(before, offset + bytes);
                            if (seen != null) {
                                splice(talk, seen, mutation, (int) offset, 3);
                            } else {
                                byte[] value = new byte[(int) offset + bytes];
                                talk.request
                                        .bytes()
                                        .getBytes(
                                                talk.request.offset(3), value, (int) offset, bytes);
                                mutation.value.wrap(value, 0, value.length);
                            }
                            return Change.PUT;
                        });
        if (status == WriteStatus.DONE) {
            talk.reply.number(length[0]);
        } else {
            talk.refuse(status);
        }
    }
}
