package io.larder.server.command;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.server.memory.Slice;
import io.larder.server.metrics.LatencyFigures;
import io.larder.server.metrics.LatencyRecorder;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.netty.buffer.ByteBuf;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long requests take, by command, and which were slow. Event loops record; any thread reads.
 */
/*
 * What is timed: of requests about one key, one in 64 on each event loop (Sampling); every one of
 * all others (BATCH, SCAN, CLEAR, STATS, HELLO ...) and every piece of a long value. A request that is
 * not timed costs a decrement on its event loop's own bench: nothing shared is written, and the
 * clock is not read. One that is timed costs two readings of the clock and a few atomic additions.
 *
 * From when the frame is there to when its reply is in the buffer; sending is not in it. What waits
 * for a lease or for the disk is timed until it is set aside, and again when it is carried out again.
 *
 * Since most requests about one key are not timed, each read batch is: twice the clock for as many
 * requests as came at once. A batch that was slow, beyond what its timed requests account for, has
 * an entry in the slow log, so that a slow request which was not picked shows as well, if not by name.
 */
public final class RequestTimes {
    private final Map<Opcode, LatencyRecorder> recorders = new EnumMap<>(Opcode.class);
    private final @Nullable LatencyRecorder[] byCode = new @Nullable LatencyRecorder[256];
    private final SlowLog slowLog = new SlowLog();
    private final RegionTable regions;

    /**
     * @param regions name those of slow requests
     */
    public RequestTimes(RegionTable regions) {
        this.regions = regions;
    }

    /** Has requests of this opcode timed; before the first one comes. */
    void add(Opcode opcode) {
        LatencyRecorder recorder = new LatencyRecorder();
        recorders.put(opcode, recorder);
        byCode[opcode.code()] = recorder;
    }

    /** What was slow. */
    public SlowLog slowLog() {
        return slowLog;
    }

    /** How long the timed requests of each command took, by its opcode. */
    public Map<Opcode, LatencyFigures> latencies() {
        Map<Opcode, LatencyFigures> latencies = new EnumMap<>(Opcode.class);
        recorders.forEach((opcode, recorder) -> latencies.put(opcode, recorder.figures()));
        return latencies;
    }

    /** Whether the present request is to be timed. */
    boolean isTimed(Workbench bench, @Nullable Command command, boolean isPiece) {
        return command != null && (!command.isKeyed() || isPiece || bench.sampling.next());
    }

    /** Takes the time of the request at {@code offset}, which is carried out. */
    void record(Session session, ByteBuf frame, int offset, long nanos) {
        int code = FrameHeader.opcode(frame, offset);
        LatencyRecorder recorder = byCode[code];
        if (recorder != null) {
            recorder.record(nanos);
        }
        if (slowLog.isSlow(nanos)) {
            session.bench.times.logged(nanos);
            slowLog.add(entry(session, frame, offset, nanos));
        }
    }

    /** Looks at a read batch that has been carried out. */
    void endBatch(Session session) {
        BatchTimes times = session.bench.times;
        long nowNanos = System.nanoTime();
        session.bench.load.endBatch(nowNanos);
        long nanos = times.restNanos(nowNanos);
        if (slowLog.isSlow(nanos)) {
            slowLog.add(
                    new SlowRequest(
                            unixMillis(session),
                            SlowLog.READ_BATCH,
                            "",
                            0,
                            new Slice(),
                            0,
                            session.client(),
                            TimeUnit.NANOSECONDS.toMicros(nanos),
                            times.requests()));
        }
    }

    private SlowRequest entry(Session session, ByteBuf frame, int offset, long nanos) {
        int keyBytes = FrameHeader.keyBytes(frame, offset);
        byte[] key = new byte[Math.min(keyBytes, SlowLog.KEY_BYTES_MAX)];
        int keyOffset =
                offset + ProtocolLimits.HEADER_BYTES + FrameHeader.extensionBytes(frame, offset);
        frame.getBytes(keyOffset, key);
        int region = FrameHeader.regionId(frame, offset);
        int space = regions.space(region);
        boolean isKnown = space != RegionTable.NONE;
        return new SlowRequest(
                unixMillis(session),
                String.valueOf(Opcode.of(FrameHeader.opcode(frame, offset))),
                isKnown ? regions.name(region) : "",
                isKnown ? space : 0,
                Slice.of(key),
                keyBytes,
                session.client(),
                TimeUnit.NANOSECONDS.toMicros(nanos),
                session.bench.times.requests());
    }

    private static long unixMillis(Session session) {
        return Clock.EPOCH_UNIX_MILLIS + session.nowMillis();
    }
}
