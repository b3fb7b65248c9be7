package io.larder.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Status;
import io.larder.server.auth.AccessControl;
import io.larder.server.lease.LeaseLimits;
import io.larder.server.lease.Leases;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Key;
import io.larder.server.store.MapStore;
import io.larder.server.store.Store;
import io.larder.server.tier.OverflowTier;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A dispatcher over the model of a store, a clock that stands still, and one session. */
final class CommandFixture {
    static final long BOOT_ID = 0x0102030405060708L;

    final MapStore store;
    final RegionTable regions;
    final MetricsRegistry metrics = new MetricsRegistry();
    final Pushes pushes = new Pushes(PushConfig.DEFAULT);
    final UncaughtErrors errors = new UncaughtErrors();
    final CommandDispatcher dispatcher;
    final Session session;
    long nowMillis = 1_000_000;

    CommandFixture() {
        this(new MapStore(), CommandLimits.DEFAULT);
    }

    /** A fixture over any store; what only the model can do is then done to one nobody uses. */
    CommandFixture(Store store, CommandLimits limits) {
        this(store, limits, new RegionTable(space -> {}));
    }

    CommandFixture(Store store, CommandLimits limits, RegionTable regions) {
        this(store, limits, regions, AccessControl.open());
    }

    /** A fixture that has users. */
    CommandFixture(AccessControl access) {
        this(new MapStore(), CommandLimits.DEFAULT, new RegionTable(space -> {}), access);
    }

    /** A fixture held to limits that all connections share. */
    CommandFixture(ServerLimits shared) {
        this(
                new MapStore(),
                CommandLimits.DEFAULT,
                new RegionTable(space -> {}),
                AccessControl.open(),
                shared);
    }

    private CommandFixture(
            Store store, CommandLimits limits, RegionTable regions, AccessControl access) {
        this(store, limits, regions, access, ServerLimits.none());
    }

    private CommandFixture(
            Store store,
            CommandLimits limits,
            RegionTable regions,
            AccessControl access,
            ServerLimits shared) {
        this.regions = regions;
        this.store = store instanceof MapStore model ? model : new MapStore();
        Leases leases = new Leases(store, LeaseLimits.DEFAULT);
        regions.onRetired(leases::onSpaceCleared);
        this.dispatcher =
                new CommandDispatcher(
                        new CommandServices(
                                store,
                                () -> nowMillis,
                                regions,
                                pushes,
                                leases,
                                metrics,
                                errors,
                                limits,
                                new CommandServices.ServerIdentity(BOOT_ID, "0.1.0"),
                                OverflowTier.OFF,
                                access,
                                shared));
        this.session = dispatcher.newSession();
    }

    /** A fixture whose session has said HELLO. */
    static CommandFixture open() {
        return new CommandFixture().greet();
    }

    CommandFixture greet(String... features) {
        assertThat(send(RequestFrame.hello(features)).status()).isEqualTo(Status.OK);
        return this;
    }

    /** A key of the store. */
    Key key(int space, String text) {
        return new Key().wrap(store.hasher(), space, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends one request, in a batch of its own, and returns its only reply. */
    ReplyFrame send(RequestFrame request) {
        List<ReplyFrame> replies = sendAll(request);
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    /** Sends requests in one batch, pipelined. */
    List<ReplyFrame> sendAll(RequestFrame... requests) {
        return ReplyFrame.all(exchange(RequestFrame.row(requests)));
    }

    /** Has whole frames carried out as one read batch; returns the bytes of the replies. */
    byte[] exchange(byte[] requests) {
        ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(requests.length);
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(64);
        try {
            in.writeBytes(requests);
            carryOut(in, out);
            return ByteBufUtil.getBytes(out);
        } finally {
            in.release();
            out.release();
        }
    }

    /** Has the frames in a buffer carried out as one read batch. */
    void carryOut(ByteBuf in, ByteBuf out) {
        int offset = in.readerIndex();
        boolean goesOn = true;
        while (goesOn && offset < in.writerIndex()) {
            int frameBytes = (int) FrameHeader.frameBytes(in, offset);
            goesOn = dispatcher.dispatch(session, in, offset, out);
            offset += frameBytes;
        }
        dispatcher.endBatch(session, false);
    }
}
