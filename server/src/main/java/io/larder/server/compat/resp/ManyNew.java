package io.larder.server.compat.resp;

import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Change;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import java.util.HashMap;
import java.util.Map;

/** MSETNX: all of its keys, or none, in one step. Stateless. */
final class ManyNew {
    private ManyNew() {}

    static void run(RespTalk talk) {
        if (talk.count() % 2 == 0) {
            talk.reply.error("ERR wrong number of arguments for 'msetnx' command");
            return;
        }
        Map<String, Integer> last =
                new HashMap<>(); // of a key that comes twice the last one counts
        for (int i = 1; i < talk.count(); i += 2) {
            last.put(talk.text(i), i);
        }
        if (last.size() > Store.UPDATE_KEYS_MAX) {
            talk.reply.error(
                    "ERR keys: " + last.size() + " (expected: 1.." + Store.UPDATE_KEYS_MAX + ")");
            return;
        }
        Mutation[] mutations = new Mutation[last.size()];
        int count = 0;
        for (int argument : last.values()) {
            Mutation mutation = new Mutation();
            talk.bench.row.wrap(
                    mutation.key,
                    talk.request.bytes(),
                    talk.request.offset(argument),
                    talk.request.length(argument));
            talk.value(mutation, argument + 1);
            mutation.presence = Presence.ABSENT;
            mutation.expiryMillis = talk.items().defaultExpiryMillis();
            mutations[count++] = mutation;
        }
        answer(
                talk,
                talk.items()
                        .update(
                                mutations,
                                (all, items) -> {
                                    for (Mutation mutation : all) {
                                        mutation.change = Change.PUT;
                                    }
                                }));
    }

    private static void answer(RespTalk talk, WriteStatus status) {
        if (status == WriteStatus.DONE || status == WriteStatus.EXISTS) {
            talk.reply.number(status == WriteStatus.DONE ? 1 : 0);
        } else {
            talk.refuse(status);
        }
    }
}
