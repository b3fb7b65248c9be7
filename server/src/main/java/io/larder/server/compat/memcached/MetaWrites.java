package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.Items;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.ScratchSink;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.WriteStatus;
import org.jspecify.annotations.Nullable;

/** ms and md. Stateless. */
final class MetaWrites {
    static final byte[] TOO_MANY = Ascii.bytes("CLIENT_ERROR options flags too long\r\n");
    private static final byte[] DONE = Ascii.bytes("HD");
    private static final byte[] NOT_STORED = Ascii.bytes("NS");
    private static final byte[] EXISTS = Ascii.bytes("EX");
    static final byte[] NOT_FOUND = Ascii.bytes("NF");
    private static final byte[] BAD_DATA = Ascii.bytes("CLIENT_ERROR bad data chunk\r\n");
    private static final byte[] BAD_MODE =
            Ascii.bytes("CLIENT_ERROR invalid mode for ms M token\r\n");

    /** No item has this version. */
    static final long NO_VERSION = -1;

    private static final int TRIES_MAX = 256;

    private MetaWrites() {}

    static Step set(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() < 2) {
            return talk.reply(TextConversation.ERROR);
        }
        if (!talk.isKey(1) || line.count() < 3) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (MetaRequest.isTooLong(line)) {
            return talk.reply(TOO_MANY);
        }
        if (!talk.readNumber(2)
                || talk.bench().digits.value() < 0
                || talk.bench().digits.value() > Integer.MAX_VALUE - 2) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        int valueBytes = (int) talk.bench().digits.value();
        MetaRequest request = talk.bench().metaRequest;
        byte[] wrong = request.wrap(line, 3);
        if (wrong == null && "SARPE".indexOf(request.mode('S')) < 0) {
            wrong = BAD_MODE;
        }
        if (wrong == null && Memcached.isTooLarge(line.length(1), valueBytes)) {
            talk.memcached().counts.count(Count.STORE_TOO_LARGE);
            talk.bench().items.delete(request.take(talk.bench()));
            wrong = TextConversation.TOO_LARGE;
        }
        if (wrong != null) {
            talk.swallow(valueBytes + 2L);
            return talk.reply(wrong);
        }
        if (!talk.hasData(valueBytes)) {
            return Step.NEEDS_INPUT;
        }
        return talk.isDataEnded() ? put(talk, valueBytes) : talk.reply(BAD_DATA);
    }

    private static Step put(TextConversation talk, int valueBytes) {
        MetaRequest request = talk.bench().metaRequest;
        Mutation mutation = request.take(talk.bench());
        char mode = request.mode('S');
        if ((mode != 'S' || request.has('C')) && talk.mustWait(mutation.key, true)) {
            return Step.AWAITS_DISK;
        }
        KeyRow.wrap(mutation.value, talk.in(), talk.line().next(), valueBytes);
        mutation.clientFlags = request.clientFlags();
        mutation.expiryMillis = expiryMillis(talk.bench());
        mutation.callerVersion = request.newVersion();
        talk.memcached().counts.count(Count.CMD_SET);
        talk.memcached().counts.prefixes.written(mutation.key.bytes());
        boolean isExtension = mode == 'A' || mode == 'P';
        WriteStatus status;
        if (isExtension) {
            status = append(talk, mutation, mode == 'A');
        } else if (mode == 'E') {
            status = add(talk, mutation);
        } else {
            mutation.presence = mode == 'R' ? Presence.PRESENT : Presence.ANY;
            status = request.has('C') ? replace(talk, mutation) : talk.bench().items.put(mutation);
        }
        boolean isVersioned = request.has('C') && !isExtension && mode != 'E';
        byte[] ifMissing = isVersioned ? NOT_FOUND : NOT_STORED;
        long version = status == WriteStatus.DONE ? versionOf(request, mutation) : 0;
        return answer(talk, status, ifMissing, version);
    }

    private static long expiryMillis(Bench bench) {
        MetaRequest request = bench.metaRequest;
        return bench.expiryMillis(request.has('T') ? request.touchSeconds() : 0);
    }

    private static WriteStatus append(TextConversation talk, Mutation mutation, boolean atEnd) {
        if (talk.bench().metaRequest.has('C')) {
            WriteStatus status = expect(talk, mutation);
            if (status != WriteStatus.DONE) {
                return status;
            }
        }
        return talk.bench().extend(mutation, atEnd);
    }

    /** A version says nothing where there is to be no item, but the token of a lease does. */
    private static WriteStatus add(TextConversation talk, Mutation mutation) {
        mutation.presence = Presence.ABSENT;
        mutation.fill = fill(talk, mutation);
        return talk.bench().items.put(mutation);
    }

    /** The token that C is of the key's lease; none if it is something else. */
    private static long fill(TextConversation talk, Mutation mutation) {
        MetaRequest request = talk.bench().metaRequest;
        long token = request.has('C') ? request.expectedVersion() : Mutation.NO_FILL;
        boolean isHeld = talk.leases().holds(mutation.key, token, talk.bench().items.nowMillis());
        return isHeld ? token : Mutation.NO_FILL;
    }

    /**
     * Stores if C says so: for the key's lease, over the version it names, and with I over a later
     * one, too, but then as a value that is still to be loaded, and that ends when that one does.
     */
    private static WriteStatus replace(TextConversation talk, Mutation mutation) {
        Items items = talk.bench().items;
        MetaRequest request = talk.bench().metaRequest;
        mutation.fill = fill(talk, mutation);
        if (mutation.fill != Mutation.NO_FILL) {
            return items.put(mutation);
        }
        WriteStatus status = expect(talk, mutation);
        VersionSink seen = talk.bench().versionSink;
        boolean isOlder =
                status == WriteStatus.VERSION_MISMATCH
                        && seen.isHit()
                        && Long.compareUnsigned(request.expectedVersion(), seen.knownVersion()) < 0;
        if (!request.has('I') || !isOlder) {
            return status == WriteStatus.DONE ? items.put(mutation) : status;
        }
        mutation.ifVersion = true;
        mutation.expectedVersion = seen.version();
        mutation.expiryMillis = seen.expiryMillis();
        mutation.softExpiryMillis = items.expiryAfter(0);
        return items.putStale(mutation);
    }

    /**
     * Has a mutation depend on the version that C says, which is the item's, or what the caller has
     * given it with E.
     *
     * @return DONE, or what it comes to already; {@code versionSink} has what was seen
     */
    private static WriteStatus expect(TextConversation talk, Mutation mutation) {
        Bench bench = talk.bench();
        VersionSink seen = bench.versionSink;
        if (!seen.look(bench.items, mutation.key)) {
            return talk.leases().isHeld(mutation.key, bench.items.nowMillis())
                    ? WriteStatus.VERSION_MISMATCH
                    : WriteStatus.MISSING;
        }
        mutation.ifVersion = true;
        mutation.expectedVersion = seen.version();
        return seen.isVersion(bench.metaRequest.expectedVersion())
                ? WriteStatus.DONE
                : WriteStatus.VERSION_MISMATCH;
    }

    /**
     * @param ifMissing the code for a key that is not there
     * @param version for c; {@link #NO_VERSION} if none is told
     */
    static Step answer(TextConversation talk, WriteStatus status, byte[] ifMissing, long version) {
        MetaRequest request = talk.bench().metaRequest;
        if (status == WriteStatus.DONE && request.has('q')) {
            return Step.DONE;
        }
        byte @Nullable [] code =
                switch (status) {
                    case DONE -> DONE;
                    case MISSING -> ifMissing;
                    case EXISTS -> NOT_STORED;
                    case CHANGED, VERSION_MISMATCH -> EXISTS;
                    default -> null;
                };
        if (code == null) {
            return refuse(talk, status);
        }
        talk.out().writeBytes(code);
        for (int i = 0; i < request.count(); i++) {
            if (request.at(i) == 'c' && version != NO_VERSION) {
                MetaRequest.appendUnsigned(talk.out(), 'c', version);
            } else {
                request.repeat(talk.out(), request.at(i));
            }
        }
        talk.out().writeBytes(TextConversation.CRLF);
        return Step.DONE;
    }

    /** The version by which a client knows what was stored. */
    static long versionOf(MetaRequest request, Mutation mutation) {
        return request.newVersion() == Mutation.NO_CALLER_VERSION
                ? mutation.version
                : request.newVersion();
    }

    private static Step refuse(TextConversation talk, WriteStatus status) {
        if (status == WriteStatus.TOO_LARGE) {
            return talk.reply(TextConversation.TOO_LARGE);
        }
        talk.memcached().counts.count(Count.STORE_NO_MEMORY);
        return talk.reply(TextConversation.NO_MEMORY);
    }

    static Step delete(TextConversation talk) {
        TextLine line = talk.line();
        if (line.count() < 2) {
            return talk.reply(TextConversation.ERROR);
        }
        if (!talk.isKey(1)) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        if (MetaRequest.isTooLong(line)) {
            return talk.reply(TOO_MANY);
        }
        Bench bench = talk.bench();
        MetaRequest request = bench.metaRequest;
        byte[] wrong = request.wrap(line, 2);
        if (wrong != null) {
            return talk.reply(MetaRequest.anyOf(wrong));
        }
        Mutation mutation = request.take(bench);
        if (talk.mustWait(mutation.key, true)) {
            return Step.AWAITS_DISK;
        }
        WriteStatus status = request.has('C') ? expect(talk, mutation) : WriteStatus.DONE;
        if (status == WriteStatus.DONE) {
            status = request.has('I') ? invalidate(bench, mutation) : bench.items.delete(mutation);
        }
        talk.memcached()
                .counts
                .count(status == WriteStatus.DONE, Count.DELETE_HITS, Count.DELETE_MISSES);
        talk.memcached().counts.prefixes.deleted(mutation.key.bytes());
        return answer(talk, status, NOT_FOUND, NO_VERSION);
    }

    /** Writes the item anew as one that is to be loaded, by its version: again if it changed. */
    private static WriteStatus invalidate(Bench bench, Mutation mutation) {
        ScratchSink seen = bench.scratch;
        MetaRequest request = bench.metaRequest;
        boolean isConditional = mutation.ifVersion;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (!bench.items.look(mutation.key, seen)) {
                return WriteStatus.MISSING;
            }
            if (isConditional && mutation.expectedVersion != seen.version()) {
                return WriteStatus.VERSION_MISMATCH;
            }
            mutation.reset();
            seen.keepIn(mutation);
            mutation.value.wrap(seen.value(), 0, seen.valueBytes());
            mutation.callerVersion = request.newVersion();
            mutation.softExpiryMillis = bench.items.expiryAfter(0);
            if (request.has('T')) {
                mutation.expiryMillis = expiryMillis(bench);
            }
            seen.expectSeen(mutation, true);
            WriteStatus status = bench.items.put(mutation);
            if (status != WriteStatus.VERSION_MISMATCH && status != WriteStatus.MISSING) {
                return status;
            }
        }
        return WriteStatus.BUSY;
    }
}
