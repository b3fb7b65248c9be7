package io.larder.server.command;

import static io.larder.protocol.RequestFlag.MORE;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.Status;
import io.larder.server.command.IncomingValues.Incoming;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;
import io.larder.server.store.ValueUpload;
import io.larder.server.store.WriteStatus;

/**
 * SET of a value that comes in pieces: they go straight into the store's segments, and the value is
 * stored with the last one. Stateless; any event loop.
 */
final class PieceCommands {
    private final Store store;
    private final RegionTable regions;
    private final CommandLimits limits;
    private final WriteReplies replies;
    private final LeaseCommands leases;
    private final OverflowWaits waits;
    private final ChecksumCheck checksums;

    PieceCommands(
            CommandServices services,
            WriteReplies replies,
            LeaseCommands leases,
            OverflowWaits waits,
            ChecksumCheck checksums) {
        this.waits = waits;
        this.checksums = checksums;
        this.leases = leases;
        store = services.store();
        regions = services.regions();
        limits = services.limits();
        this.replies = replies;
    }

    /** The first piece, its request sound and put into {@code mutation}. */
    void begin(Session session, Workbench bench, Mutation mutation) {
        Request request = bench.request;
        if (!request.has(ExtensionType.VALUE_LENGTH)) {
            bench.reply.error(
                    Status.BAD_REQUEST,
                    ErrorBody.of("flags: MORE (expected: with extension VALUE_LENGTH)"));
            return;
        }
        long length = request.valueLength;
        long valueBytesMax =
                Math.min(limits.valueBytesMax(), store.valueBytesMax(mutation.key.space()));
        if (length < 0 || length > valueBytesMax) {
            bench.reply.error(
                    Status.TOO_LARGE,
                    ErrorBody.of("valueLength", length, "0.." + valueBytesMax)
                            .withLimit(valueBytesMax));
            return;
        }
        ValueUpload upload =
                session.incoming.isFull() ? null : store.upload(mutation.key, (int) length);
        if (upload == null) {
            replies.busy(bench);
            return;
        }
        byte[] key = mutation.key.bytes().toByteArray();
        session.incoming.begin(
                request.requestId,
                new Incoming(
                        upload,
                        mutation.copyConditions(),
                        key,
                        request.regionId,
                        request.flags & ~MORE,
                        session.nowMillis()));
        take(session, bench);
    }

    /** A further piece of a request that has begun. */
    void next(Session session, Workbench bench) {
        Request request = bench.request;
        if (session.incoming.get(request.requestId) == null) {
            if (!request.hasFlag(MORE)) {
                session.incoming.end(request.requestId);
            }
        } else if (!checksums.admits(session, bench, true)) {
            leave(session, request);
        } else if (request.keyBytes + request.extensionBytes != 0 && !hasChecksumOnly(request)) {
            refuse(session, bench, "a further piece", "with key or extensions", "a value only");
        } else {
            take(session, bench);
        }
    }

    private static boolean hasChecksumOnly(Request request) {
        return request.keyBytes == 0
                && request.extensionBytes == FrameChecksum.BYTES
                && FrameChecksum.isPresent(request.frame, request.offset);
    }

    private void take(Session session, Workbench bench) {
        Request request = bench.request;
        Incoming incoming = session.incoming.get(request.requestId);
        if (incoming == null) {
            return;
        }
        boolean isLast = !request.hasFlag(MORE);
        int missing = incoming.upload.missing();
        if (isLast ? request.valueBytes != missing : request.valueBytes > missing) {
            String expected = isLast ? missing + ", the last" : "0.." + missing;
            refuse(session, bench, "pieceLength", request.valueBytes, expected);
            return;
        }
        Slice piece = new Slice();
        KeyAhead.wrapValue(piece, request);
        if (!incoming.upload.write(piece)) {
            replies.busy(bench);
            leave(session, request);
        } else if (isLast) {
            store(session, bench, incoming);
            session.incoming.end(request.requestId);
        }
    }

    /** The region may have been cleared meanwhile, so its space is asked for anew. */
    private void store(Session session, Workbench bench, Incoming incoming) {
        Request request = bench.request;
        request.flags = incoming.flags;
        request.regionId = incoming.regionId;
        Mutation mutation = incoming.mutation;
        int space = regions.space(incoming.regionId);
        mutation.key.wrap(store.hasher(), space, incoming.key);
        bench.mutation = mutation;
        long nowMillis = session.nowMillis();
        WriteStatus status =
                leases.mayWrite(mutation, nowMillis)
                        ? store.put(mutation, incoming.upload, nowMillis)
                        : WriteStatus.CHANGED;
        if (status == WriteStatus.OVERFLOWED) { // its pieces are not kept while it waits
            waits.fetchForNextTime(mutation.key);
            waits.refuse(bench);
        } else {
            replies.answer(session, bench, status);
        }
    }

    private static void refuse(
            Session session, Workbench bench, String name, Object value, String expected) {
        bench.reply.error(Status.BAD_REQUEST, name, value, expected);
        leave(session, bench.request);
    }

    /** What has come is freed; what is to come is dropped. */
    private static void leave(Session session, Request request) {
        if (request.hasFlag(MORE)) {
            session.incoming.refuse(request.requestId);
        } else {
            session.incoming.end(request.requestId);
        }
    }
}
