package io.larder.server.compat.resp;

import io.larder.server.compat.Items;
import io.larder.server.compat.resp.Editing.Change;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.WriteStatus;

/** SET with its options. Stateless. */
final class SetCommand {
    private static final int NX = 1;
    private static final int XX = 2;
    private static final int GET = 4;
    private static final int KEEPTTL = 8;
    private static final int EX = 16;
    private static final int PX = 32;
    private static final int EXAT = 64;
    private static final int PXAT = 128;
    private static final int PERSIST = 256;
    private static final int EXPIRY = EX | PX | EXAT | PXAT;
    private static final int OF_SET = NX | XX | GET | KEEPTTL | EXPIRY;
    private static final int OF_GETEX = PERSIST | EXPIRY;
    private static final int AT_SHIFT = 9; // an argument's number has 21 bits at most

    private SetCommand() {}

    static void run(RespTalk talk) {
        if (talk.count() == 3) {
            Mutation mutation = talk.key(1);
            talk.value(mutation, 2);
            mutation.expiryMillis = talk.items().defaultExpiryMillis();
            talk.answer(talk.items().put(mutation));
            return;
        }
        int options = options(talk, 3, OF_SET);
        if (options != 0) {
            long expiryMillis = talk.items().defaultExpiryMillis();
            if ((options & EXPIRY) != 0) {
                expiryMillis = Expiries.read(talk, unitAt(options), unitAt(options) + 1);
            }
            if (expiryMillis != Expiries.INVALID) {
                carryOut(talk, options, expiryMillis);
            }
        }
    }

    /** Where the last option of an expiry is, if there is one; its number is behind it. */
    private static int unitAt(int options) {
        return options >>> AT_SHIFT;
    }

    /**
     * Reads options, but no number yet.
     *
     * @return them, and from {@link #AT_SHIFT} on where the last one of an expiry is; 0 if they are
     *     none, and that is answered
     */
    private static int options(RespTalk talk, int from, int allowed) {
        int options = 0;
        int at = 0;
        for (int i = from; i < talk.count(); i++) {
            int option = option(talk, i) & allowed;
            boolean isExpiry = (option & EXPIRY) != 0;
            int clash =
                    switch (option) {
                        case NX -> XX;
                        case XX -> NX;
                        case GET -> 0;
                        case KEEPTTL, PERSIST -> EXPIRY;
                        default -> KEEPTTL | PERSIST | (EXPIRY & ~option);
                    };
            if (option == 0 || (options & clash) != 0 || (isExpiry && i + 1 >= talk.count())) {
                talk.reply.error(RespTalk.SYNTAX);
                return 0;
            }
            options |= option;
            if (isExpiry) {
                at = i++;
            }
        }
        return options | (at << AT_SHIFT);
    }

    private static int option(RespTalk talk, int argument) {
        if (talk.is(argument, "nx")) {
            return NX;
        }
        if (talk.is(argument, "xx")) {
            return XX;
        }
        if (talk.is(argument, "get")) {
            return GET;
        }
        if (talk.is(argument, "keepttl")) {
            return KEEPTTL;
        }
        if (talk.is(argument, "ex")) {
            return EX;
        }
        if (talk.is(argument, "px")) {
            return PX;
        }
        if (talk.is(argument, "exat")) {
            return EXAT;
        }
        if (talk.is(argument, "pxat")) {
            return PXAT;
        }
        return talk.is(argument, "persist") ? PERSIST : 0;
    }

    private static void carryOut(RespTalk talk, int options, long expiryMillis) {
        if ((options & (GET | KEEPTTL)) != 0) {
            edit(talk, options, 2, expiryMillis);
            return;
        }
        Mutation mutation = talk.key(1);
        talk.value(mutation, 2);
        mutation.expiryMillis = expiryMillis;
        mutation.presence =
                (options & NX) != 0
                        ? Presence.ABSENT
                        : (options & XX) != 0 ? Presence.PRESENT : Presence.ANY;
        WriteStatus status = talk.items().put(mutation);
        if (status == WriteStatus.EXISTS || status == WriteStatus.MISSING) {
            talk.reply.none();
        } else {
            talk.answer(status);
        }
    }

    /** Stores an argument, and answers with what was there. */
    static void swap(RespTalk talk, int argument, long expiryMillis) {
        edit(talk, GET, argument, expiryMillis);
    }

    private static void edit(RespTalk talk, int options, int argument, long expiryMillis) {
        byte[][] before = new byte[1][];
        boolean[] isDone = new boolean[1];
        WriteStatus status =
                Editing.edit(
                        talk,
                        1,
                        (seen, mutation) -> {
                            before[0] =
                                    seen == null || (options & GET) == 0
                                            ? null
                                            : ValueCommands.copy(seen);
                            isDone[0] =
                                    ((options & NX) == 0 || seen == null)
                                            && ((options & XX) == 0 || seen != null);
                            if (!isDone[0]) {
                                return Change.KEEP;
                            }
                            long kept = mutation.expiryMillis;
                            mutation.reset();
                            mutation.expiryMillis =
                                    (options & KEEPTTL) != 0 && seen != null ? kept : expiryMillis;
                            talk.value(mutation, argument);
                            return Change.PUT;
                        });
        if (status != WriteStatus.DONE) {
            talk.refuse(status);
        } else if ((options & GET) != 0) {
            if (before[0] == null) {
                talk.reply.none();
            } else {
                talk.reply.bulk(before[0], before[0].length);
            }
        } else if (isDone[0]) {
            talk.reply.ok();
        } else {
            talk.reply.none();
        }
    }

    /** GETEX: a value, with another expiry from then on. */
    static void getAndExpire(RespTalk talk) {
        long expiryMillis = Mutation.NEVER;
        boolean isTouch = talk.count() > 2;
        if (isTouch) {
            int options = options(talk, 2, OF_GETEX);
            if (options == 0) {
                return;
            }
            if (!talk.items().exists(talk.key(1).key)) {
                talk.reply.none(); // whatever the number is
                return;
            }
            if ((options & EXPIRY) != 0) {
                expiryMillis = Expiries.read(talk, unitAt(options), unitAt(options) + 1);
            }
            if (expiryMillis == Expiries.INVALID) {
                return;
            }
        }
        Items items = talk.items();
        Mutation mutation = talk.key(1);
        mutation.expiryMillis = expiryMillis;
        BulkSink sink = talk.bench.bulk.into(talk.reply.out());
        boolean isHit =
                isTouch
                        ? items.touch(mutation, sink) == WriteStatus.DONE
                        : items.read(mutation.key, sink);
        if (isHit) {
            sink.commit();
        } else {
            talk.reply.none();
        }
    }
}
