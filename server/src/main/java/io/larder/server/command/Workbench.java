package io.larder.server.command;

import io.larder.protocol.BatchFrames;
import io.larder.protocol.FrameDirection;
import io.larder.server.lease.LeaseRequest;
import io.larder.server.limit.LoopLoad;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.Scan;
import io.larder.server.store.Store;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The flyweights that carry a request into the store and its reply out: one set per event loop,
 * shared by the connections served there, since a request is finished before the next one begins.
 * Nothing on it is to be remembered beyond a read batch.
 */
final class Workbench {
    final Request request = new Request();
    final ReplyWriter reply = new ReplyWriter();
    final ReplySink sink = new ReplySink();
    final ProbeSink probe = new ProbeSink();
    final KeyAhead ahead;
    final BatchFrames batch = new BatchFrames(FrameDirection.TO_SERVER);
    final Scan scan = new Scan();
    final ScanPage page = new ScanPage();
    final Key startKey = new Key();
    final RequestTags tags = new RequestTags();
    final LeaseRequest lease = new LeaseRequest();
    final BatchTimes times = new BatchTimes();
    final Sampling sampling = new Sampling(ThreadLocalRandom.current().nextInt());

    /** How much the event loop has to do. */
    final LoopLoad load;

    /** The present request's key, and its write if it is one. */
    Mutation mutation;

    /** The deadline of requests that have none of their own, as inside a BATCH; 0 for none. */
    long outerDeadlineMillis;

    /** Whether the present request stands inside a BATCH. */
    boolean isInBatch;

    /** Whether the value last read was fetched from disk. */
    boolean isFromDisk;

    /** The present request, if it has waited, and is carried out again. */
    @Nullable ParkedRequest resumed;

    Workbench(Store store, RegionTable regions, int keyBytesMax, LoopLoad load) {
        this.load = load;
        ahead = new KeyAhead(store, regions, keyBytesMax);
        mutation = new Mutation();
    }
}
