package io.larder.server.command;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ScanRequest;
import io.larder.protocol.Status;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Scan;
import io.larder.server.store.Store;

/** SCAN: a piece of a region's keys. Stateless; any event loop. */
final class ScanCommand {
    /** Chains looked at for one reply: what a prefix that nothing has costs others at most. */
    private static final int BUCKETS_MAX = 1024;

    private final Store store;
    private final RegionTable regions;
    private final int keyBytesMax;

    ScanCommand(CommandServices services) {
        store = services.store();
        regions = services.regions();
        keyBytesMax = services.limits().keyBytesMax();
    }

    void scan(Session session, Workbench bench) {
        Request request = bench.request;
        ScanRequest wanted =
                ScanRequest.read(request.frame, request.valueOffset, request.valueBytes);
        int startKeyBytes = request.valueBytes - ScanRequest.BYTES;
        if (!isShort(bench, "prefixLength", request.keyBytes)
                || !isShort(bench, "startKeyLength", startKeyBytes)) {
            return;
        }
        Scan scan = bench.scan.reset();
        scan.space = regions.space(request.regionId);
        scan.bucketsMax = BUCKETS_MAX;
        scan.cursor = wanted.cursor();
        KeyAhead.wrap(scan.prefix, request.frame, request.keyOffset, request.keyBytes);
        if (startKeyBytes > 0) {
            bench.ahead.wrapKey(
                    bench.startKey,
                    scan.space,
                    request.frame,
                    request.valueOffset + ScanRequest.BYTES,
                    startKeyBytes);
            scan.cursor = store.cursorOf(bench.startKey);
        }
        int before = bench.reply.out().writerIndex();
        bench.reply.startValue();
        bench.page.begin(bench.reply.out(), wanted.count());
        try {
            store.scan(scan, session.nowMillis(), bench.page);
        } catch (IllegalArgumentException notACursor) {
            bench.reply.out().writerIndex(before);
            bench.reply.error(
                    Status.BAD_REQUEST, ErrorBody.of(String.valueOf(notACursor.getMessage())));
            return;
        }
        bench.page.end(scan.cursor);
        bench.reply.endValue();
    }

    private boolean isShort(Workbench bench, String name, int length) {
        if (length > keyBytesMax) {
            bench.reply.error(
                    Status.KEY_LENGTH,
                    ErrorBody.of(name, length, "0.." + keyBytesMax).withLimit(keyBytesMax));
        }
        return length <= keyBytesMax;
    }
}
