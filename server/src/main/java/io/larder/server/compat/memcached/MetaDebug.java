package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.store.Mutation;

/** me and mn. Stateless. */
final class MetaDebug {
    private static final byte[] NOOP = Ascii.bytes("MN\r\n");
    private static final byte[] ENCODED = Ascii.bytes("b");
    private static final byte[] MISS = Ascii.bytes("EN\r\n");

    private MetaDebug() {}

    static Step noop(TextConversation talk) {
        return talk.reply(NOOP);
    }

    /** Tells of an item what is beside its value; what follows the key may be b. */
    static Step tell(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() < 2 || !talk.isKey(1)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        MetaRequest request = talk.bench().metaRequest;
        boolean isEncoded = line.is(2, ENCODED);
        if (request.wrap(line, isEncoded ? 2 : line.count()) != null) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        Mutation mutation = request.take(talk.bench());
        if (talk.mustWait(mutation.key, false)) {
            return Step.AWAITS_DISK;
        }
        talk.memcached().counts.count(Count.CMD_META);
        VersionSink seen = talk.bench().versionSink;
        if (!seen.look(talk.bench().items, mutation.key)) {
            return talk.reply(MISS);
        }
        Ascii.append(
                talk.out(),
                "ME "
                        + line.text(1)
                        + " exp="
                        + seen.secondsLeft(seen.expiryMillis())
                        + " la="
                        + seen.secondsSinceWritten()
                        + " cas="
                        + Long.toUnsignedString(seen.knownVersion())
                        + " fetch="
                        + (seen.uses() > 0 ? "yes" : "no")
                        + " cls=1 size="
                        + (mutation.key.bytes().length() + seen.valueBytes()));
        return talk.reply(TextConversation.CRLF);
    }
}
