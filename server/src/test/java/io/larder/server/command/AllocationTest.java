package io.larder.server.command;

import static io.larder.protocol.ExtensionType.DELTA;
import static io.larder.protocol.ExtensionType.INITIAL;
import static io.larder.protocol.ExtensionType.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.server.LarderStore;
import io.larder.server.lease.LeaseLimits;
import io.larder.server.lease.Leases;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hot requests, on the real store, leave nothing to the collector. */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    private enum Hot {
        GET,
        MISS,
        SET,
        DELETE,
        TOUCH,
        INCREMENT,
        BATCH;

        RequestFrame request() {
            return switch (this) {
                case GET -> RequestFrame.get("k").flags(RequestFlag.RETURN_META);
                case MISS -> RequestFrame.get("absent");
                case SET -> RequestFrame.set("k", "value").with(TTL, 60_000);
                case DELETE -> RequestFrame.of(Opcode.DELETE, "k");
                case TOUCH -> RequestFrame.of(Opcode.TOUCH, "k").with(TTL, 60_000);
                case INCREMENT ->
                        RequestFrame.of(Opcode.INCREMENT, "n").with(DELTA, 3).with(INITIAL, 0);
                case BATCH -> RequestFrame.batch(RequestFrame.get("k"), RequestFrame.set("k", "v"));
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void hotRequest_allocatesNothing(Hot hot) {
        try (LarderStore store = LarderStore.open(16 << 20)) {
            CommandDispatcher dispatcher =
                    new CommandDispatcher(
                            new CommandServices(
                                    store.store(),
                                    store.clock(),
                                    new RegionTable(space -> {}),
                                    new Pushes(PushConfig.DEFAULT),
                                    new Leases(store.store(), LeaseLimits.DEFAULT),
                                    new MetricsRegistry(),
                                    new UncaughtErrors(),
                                    CommandLimits.DEFAULT,
                                    new CommandServices.ServerIdentity(1, "test")));
            RequestFrame request = hot.request();
            Session session = dispatcher.newSession();
            session.open("test");
            ByteBuf out = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(4096)).clear();
            ByteBuf in = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(512)).clear();
            in.writeBytes(RequestFrame.row(RequestFrame.set("k", "v"), request, request));
            int first = RequestFrame.set("k", "v").bytes().length;
            int each = request.bytes().length;
            dispatcher.dispatch(session, in, 0, out);
            long allocated = run(dispatcher, session, in, out, first, each);
            for (int i = 0; i < 20 && allocated > 0; i++) {
                allocated = run(dispatcher, session, in, out, first, each);
            }
            assertThat(allocated).isLessThan(ROUNDS);
            in.release();
            out.release();
        }
    }

    /** Bytes allocated by many rounds of two pipelined requests. */
    private static long run(
            CommandDispatcher dispatcher,
            Session session,
            ByteBuf in,
            ByteBuf out,
            int first,
            int each) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            out.clear();
            dispatcher.dispatch(session, in, first, out);
            dispatcher.dispatch(session, in, first + each, out);
            dispatcher.endBatch(session, false);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
