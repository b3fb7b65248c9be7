package io.larder.server.command;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ScanRequest;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Scan;
import io.larder.server.store.Store;

/** EXPORT: a piece of a region's items, for another server. Stateless; any event loop. */
final class ExportCommand {
    /** Chains looked at for one reply. */
    private static final int BUCKETS_MAX = 1024;

    private final Store store;
    private final RegionTable regions;

    ExportCommand(CommandServices services) {
        store = services.store();
        regions = services.regions();
    }

    void export(Session session, Workbench bench) {
        Request request = bench.request;
        ScanRequest wanted =
                ScanRequest.read(request.frame, request.valueOffset, request.valueBytes);
        if (request.keyBytes > 0 || request.valueBytes > ScanRequest.BYTES) {
            bench.reply.error(Status.BAD_REQUEST, "key or start key", "given", "none in an EXPORT");
            return;
        }
        Scan scan = bench.scan.reset();
        scan.space = regions.space(request.regionId);
        scan.bucketsMax = BUCKETS_MAX;
        scan.withValues = true;
        scan.cursor = wanted.cursor();
        int before = bench.reply.out().writerIndex();
        bench.reply.startValue();
        ExportPage page =
                new ExportPage(
                        bench.reply.out(), regions.name(request.regionId), session.nowMillis());
        try {
            store.scan(scan, session.nowMillis(), page);
        } catch (IllegalArgumentException notACursor) {
            bench.reply.out().writerIndex(before);
            bench.reply.error(
                    Status.BAD_REQUEST, ErrorBody.of(String.valueOf(notACursor.getMessage())));
            return;
        }
        page.end(scan.cursor);
        bench.reply.endValue();
    }
}
