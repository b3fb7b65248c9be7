package io.larder.server.command;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.OpenRegionReply;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.StatsReply;
import io.larder.protocol.Status;
import io.larder.protocol.SyncReply;
import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Identity;
import io.larder.server.lease.Leases;
import io.larder.server.limit.RateLimits;
import io.larder.server.memory.Slice;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.push.PushQueue;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Store;
import io.larder.server.store.WriteStatus;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is about the conversation, a region or the server, not about an item. Stateless. */
final class ControlCommands {
    /** What a client may name in its HELLO and have. */
    private static final List<String> FEATURES =
            List.of(
                    ProtocolLimits.FEATURE_PIECES,
                    ProtocolLimits.FEATURE_PUSH,
                    ProtocolLimits.FEATURE_LEASES,
                    ProtocolLimits.FEATURE_CANCEL,
                    ProtocolLimits.FEATURE_CHECKSUMS);

    private final Store store;
    private final RegionTable regions;
    private final Pushes pushes;
    private final Leases leases;
    private final MetricsRegistry metrics;
    private final CommandLimits limits;
    private final CommandServices.ServerIdentity identity;
    private final RateLimits rates;

    ControlCommands(CommandServices services) {
        store = services.store();
        regions = services.regions();
        pushes = services.pushes();
        leases = services.leases();
        metrics = services.metrics();
        limits = services.limits();
        identity = services.identity();
        rates = services.shared().rates();
    }

    void hello(Session session, Workbench bench) {
        if (session.isOpen()) {
            bench.reply.error(Status.BAD_REQUEST, "hello", "the second", "one a connection");
            return;
        }
        Request request = bench.request;
        if (!hasNoKey(bench)) {
            return;
        }
        HelloRequest hello =
                HelloRequest.read(request.frame, request.valueOffset, request.valueBytes);
        if (!hello.speaks(ProtocolLimits.VERSION)) {
            bench.reply.error(
                    Status.BAD_VERSION,
                    "versions",
                    hello.versionMin() + ".." + hello.versionMax(),
                    "a range with " + ProtocolLimits.VERSION);
            session.close();
            return;
        }
        List<String> features = new ArrayList<>(hello.features());
        features.retainAll(FEATURES);
        if (session.access.control().isRequired()
                && hello.features().contains(ProtocolLimits.FEATURE_AUTH)) {
            features.add(ProtocolLimits.FEATURE_AUTH);
        }
        bench.reply.startValue();
        new HelloResponse(
                        ProtocolLimits.VERSION,
                        limits.helloLimits(),
                        identity.bootId(),
                        identity.version(),
                        features)
                .write(bench.reply.out());
        bench.reply.endValue();
        if (features.contains(ProtocolLimits.FEATURE_PIECES)) {
            session.takePieces();
        }
        if (features.contains(ProtocolLimits.FEATURE_PUSH)) {
            session.takePushes(pushes);
        }
        if (features.contains(ProtocolLimits.FEATURE_CHECKSUMS)) {
            session.sumValues();
        }
        session.open(hello.clientName());
        session.rateClient(rates.enter(rateName(session)));
        admitByCertificate(session);
    }

    /**
     * A client without a name is told from others by its address, without the port, and so is
     * whoever is yet to show which user he is: by that he is known from then on.
     */
    private static String rateName(Session session) {
        String name = session.access.control().isRequired() ? "" : session.clientName();
        String address = session.client().address();
        return name.isEmpty() ? address.substring(0, address.lastIndexOf(':') + 1) : name;
    }

    private static void admitByCertificate(Session session) {
        String certificate = session.access.certificate();
        if (!certificate.isEmpty() && !session.isAdmitted()) {
            AccessControl control = session.access.control();
            Identity user = control.ofCertificate(certificate, session.origin());
            if (user != null) {
                session.become(user);
            }
        }
    }

    /** SYNC: everything that was to be pushed goes before the reply; see {@link Pushes}. */
    void sync(Session session, Workbench bench) {
        PushQueue queue = session.pushes();
        if (queue == null) {
            bench.reply.error(
                    Status.BAD_REQUEST, ErrorBody.of(RequestCheck.pushExpected("opcode: SYNC")));
        } else if (hasNoKey(bench) && hasNoValue(bench)) {
            session.writePushes(bench.reply.out());
            bench.reply.startValue();
            SyncReply.write(bench.reply.out(), queue.sequence());
            bench.reply.endValue();
        }
    }

    /**
     * NOOP: all requests before it have been answered by now, but for those that wait or are in
     * pieces.
     */
    void barrier(Session session, Workbench bench) {
        if (!session.hasParked() && session.outgoing().isEmpty()) {
            acknowledge(session, bench);
        } else if (hasNoKey(bench) && hasNoValue(bench)) {
            session.addBarrier(bench.request.requestId);
        }
    }

    /** CANCEL: what is taken back is answered, this itself is not. */
    void cancel(Session session, Workbench bench) {
        Request request = bench.request;
        if (!hasNoKey(bench)) {
            return;
        }
        if (request.valueBytes != Integer.BYTES) {
            bench.reply.error(Status.BAD_REQUEST, "valueLength", request.valueBytes, "4");
            return;
        }
        session.cancel(request.frame.getInt(request.valueOffset), bench.reply);
    }

    /** PING: answered at once. */
    void acknowledge(Session session, Workbench bench) {
        if (hasNoKey(bench) && hasNoValue(bench)) {
            bench.reply.empty(Status.OK);
        }
    }

    void openRegion(Session session, Workbench bench) {
        Request request = bench.request;
        if (!hasNoValue(bench)) {
            return;
        }
        if (request.keyBytes == 0 || request.keyBytes > ProtocolLimits.REGION_NAME_BYTES_MAX) {
            bench.reply.error(
                    Status.BAD_REQUEST,
                    "nameLength",
                    request.keyBytes,
                    "1.." + ProtocolLimits.REGION_NAME_BYTES_MAX);
            return;
        }
        String name =
                request.frame.toString(
                        request.keyOffset, request.keyBytes, StandardCharsets.ISO_8859_1);
        if (!RegionTable.isName(name)) {
            bench.reply.error(
                    Status.BAD_REQUEST,
                    "region",
                    name.replaceAll("[^ -~]", "?"),
                    "letters a-z, digits and . _ -");
            return;
        }
        try {
            int id = regions.open(name);
            bench.reply.startValue();
            OpenRegionReply.write(bench.reply.out(), id);
            bench.reply.endValue();
        } catch (RegionLimitException full) {
            bench.reply.error(Status.UNKNOWN_REGION, limitReached(full));
        }
    }

    void clear(Session session, Workbench bench) {
        Request request = bench.request;
        if (!hasNoValue(bench)) {
            return;
        }
        if (request.has(ExtensionType.TAGS)) {
            clearTag(session, bench);
        } else if (request.keyBytes != 0) {
            clearPrefix(session, bench);
        } else {
            clearRegion(bench);
        }
    }

    private void clearRegion(Workbench bench) {
        try {
            regions.clear(bench.request.regionId);
            bench.reply.empty(Status.OK);
        } catch (RegionLimitException full) {
            bench.reply.error(Status.OUT_OF_CAPACITY, limitReached(full));
        }
    }

    private void clearTag(Session session, Workbench bench) {
        Request request = bench.request;
        if (request.keyBytes != 0) {
            bench.reply.error(
                    Status.BAD_REQUEST, "prefixLength", request.keyBytes, "0, there is a tag");
        } else if (!RequestTags.isOne(request)) {
            bench.reply.error(Status.BAD_REQUEST, "tags", "none or several", "one");
        } else {
            int space = regions.space(request.regionId);
            long tag = bench.tags.only(store.hasher(), space, request);
            WriteStatus status = store.invalidateTag(space, tag, session.nowMillis());
            if (status == WriteStatus.DONE) {
                leases.onTagCleared(tag);
            }
            invalidated(bench, status);
        }
    }

    private void clearPrefix(Session session, Workbench bench) {
        Request request = bench.request;
        int keyBytesMax = limits.keyBytesMax();
        if (request.keyBytes > keyBytesMax) {
            bench.reply.error(
                    Status.KEY_LENGTH,
                    ErrorBody.of("prefixLength", request.keyBytes, "0.." + keyBytesMax)
                            .withLimit(keyBytesMax));
            return;
        }
        Slice prefix = new Slice();
        KeyAhead.wrap(prefix, request.frame, request.keyOffset, request.keyBytes);
        int space = regions.space(request.regionId);
        WriteStatus status = store.invalidatePrefix(space, prefix, session.nowMillis());
        if (status == WriteStatus.DONE) {
            leases.onPrefixCleared(space, prefix);
        }
        invalidated(bench, status);
    }

    private void invalidated(Workbench bench, WriteStatus status) {
        if (status == WriteStatus.DONE) {
            regions.invalidated(bench.request.regionId);
            bench.reply.empty(Status.OK);
        } else {
            bench.reply.error(
                    Status.BUSY,
                    ErrorBody.of("invalidations", "too many since the last sweep", "fewer")
                            .withRetryAfterMillis(limits.retryAfterMillis()));
        }
    }

    private static ErrorBody limitReached(RegionLimitException full) {
        return ErrorBody.of(String.valueOf(full.getMessage())).withLimit(full.limit());
    }

    void stats(Session session, Workbench bench) {
        if (!hasNoKey(bench) || !hasNoValue(bench)) {
            return;
        }
        ByteBuf out = bench.reply.out();
        int regionId = bench.request.regionId;
        bench.reply.startValue();
        if (regionId == RegionTable.DEFAULT_ID) {
            metrics.forEach((name, value) -> StatsReply.writeLine(out, name, value));
        } else {
            writeStats(regions.stats(regionId), out);
        }
        bench.reply.endValue();
    }

    private static void writeStats(RegionStats stats, ByteBuf out) {
        StatsReply.writeLine(out, "items", stats.items());
        StatsReply.writeLine(out, "bytes", stats.bytes());
        StatsReply.writeLine(out, "hits", stats.hits());
        StatsReply.writeLine(out, "misses", stats.misses());
        StatsReply.writeLine(out, "writes", stats.writes());
        StatsReply.writeLine(out, "evictions", stats.evictions());
    }

    private static boolean hasNoKey(Workbench bench) {
        int keyBytes = bench.request.keyBytes;
        if (keyBytes != 0) {
            bench.reply.error(Status.BAD_REQUEST, "keyLength", keyBytes, "0");
        }
        return keyBytes == 0;
    }

    private static boolean hasNoValue(Workbench bench) {
        int valueBytes = bench.request.valueBytes;
        if (valueBytes != 0) {
            bench.reply.error(Status.BAD_REQUEST, "valueLength", valueBytes, "0");
        }
        return valueBytes == 0;
    }
}
