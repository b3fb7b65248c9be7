package io.larder.server.compat.resp;

import org.jspecify.annotations.Nullable;

/**
 * SUBSCRIBE and UNSUBSCRIBE for the one channel there is: the one on which a connection of RESP2
 * hears what another one follows. Stateless.
 */
final class Channels {
    private Channels() {}

    static void subscribe(RespTalk talk) {
        for (int i = 1; i < talk.count(); i++) {
            if (!talk.text(i).equals(Invalidations.CHANNEL)) {
                talk.reply.error(
                        "ERR this is a cache without publish and subscribe: the only channel is "
                                + Invalidations.CHANNEL);
                return;
            }
        }
        for (int i = 1; i < talk.count(); i++) {
            talk.subscribe(true);
            confirm(talk, "subscribe", Invalidations.CHANNEL);
        }
    }

    static void unsubscribe(RespTalk talk) {
        if (talk.count() == 1) {
            String channel = talk.isSubscribed() ? Invalidations.CHANNEL : null;
            talk.subscribe(false);
            confirm(talk, "unsubscribe", channel);
        }
        for (int i = 1; i < talk.count(); i++) {
            if (talk.text(i).equals(Invalidations.CHANNEL)) {
                talk.subscribe(false);
            }
            confirm(talk, "unsubscribe", talk.text(i));
        }
    }

    private static void confirm(RespTalk talk, String what, @Nullable String channel) {
        if (talk.reply.isThree()) {
            talk.reply.push(3);
        } else {
            talk.reply.array(3);
        }
        talk.reply.bulk(what);
        if (channel == null) {
            talk.reply.none();
        } else {
            talk.reply.bulk(channel);
        }
        talk.reply.number(talk.isSubscribed() ? 1 : 0);
    }
}
