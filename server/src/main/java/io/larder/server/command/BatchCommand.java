package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.BATCH_REPLY_RESERVE_BYTES;
import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.BatchFrames;
import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;

/**
 * BATCH: a row of requests in one frame, answered by a row of replies in one frame. Stateless; any
 * event loop.
 */
final class BatchCommand {
    private final CommandDispatcher dispatcher;
    private final CommandLimits limits;
    private final OverflowWaits waits;

    BatchCommand(CommandServices services, CommandDispatcher dispatcher, OverflowWaits waits) {
        this.waits = waits;
        this.dispatcher = dispatcher;
        this.limits = services.limits();
    }

    void batch(Session session, Workbench bench) {
        Request request = bench.request;
        if (request.keyBytes != 0) {
            bench.reply.error(Status.BAD_REQUEST, "keyLength", request.keyBytes, "0");
            return;
        }
        BatchFrames frames = bench.batch;
        ByteBuf frame = request.frame;
        int operationsMax = limits.batchOperationsMax();
        int operations =
                frames.count(frame, request.valueOffset, request.valueBytes, operationsMax);
        if (operations < 0) {
            bench.reply.error(
                    Status.BAD_REQUEST, "batch", "malformed", "a row of whole request frames");
        } else if (operations > operationsMax) {
            bench.reply.error(
                    Status.BATCH_TOO_LARGE,
                    ErrorBody.of("operations", "more", "0.." + operationsMax)
                            .withLimit(operationsMax));
        } else if (!waits.awaitBatch(session, bench)) {
            carryOut(session, bench, operations);
        }
    }

    /** From here on the bench's request is one inside after the other. */
    private void carryOut(Session session, Workbench bench, int operations) {
        BatchFrames frames = bench.batch;
        ByteBuf frame = bench.request.frame;
        int end = bench.request.valueOffset + bench.request.valueBytes;
        ByteBuf out = bench.reply.out();
        int start = out.writerIndex();
        int endMax = start + bench.reply.frameBytesMax();
        bench.reply.startValue();
        bench.outerDeadlineMillis = FrameHeader.deadlineMillis(frame, bench.request.offset);
        int left = operations;
        while (frames.next() == BatchFrames.Step.FRAME) {
            left--;
            int roomBytes = endMax - out.writerIndex() - left * BATCH_REPLY_RESERVE_BYTES;
            dispatcher.carryOutInBatch(session, frame, frames.frameOffset(), end, out, roomBytes);
        }
        bench.outerDeadlineMillis = 0;
        FrameHeader.putLengths(out, start, 0, 0, out.writerIndex() - start - HEADER_BYTES);
    }
}
