package io.larder.client.net;

import io.larder.client.api.Credentials;
import io.larder.protocol.AuthRequest;
import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameDecoder;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.FrameListener;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.MalformedMessageException;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket to a server, from dialling to its end, used once. All methods are called on its event
 * loop, and so is its owner.
 */
/*
 *   DIALLING --> GREETING --> (AUTHENTICATING) --> READY --> CLOSED
 *      |            |                |                         ^
 *      +------------+----------------+-------------------------+   refused, timeout, wrong greeting
 *
 * The owner hears onReady at most once and onClosed exactly once, with the first reason there was.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Netty's: failures come as exceptionCaught, or do not matter
final class Connection extends ChannelInboundHandlerAdapter implements FrameListener {
    /** Who uses the connection. */
    interface Owner {
        /** The server has greeted; requests may be sent. */
        void onReady(Connection connection);

        /** A reply came; returns null, or why the connection is to be closed. */
        @Nullable String onReply(Reply reply);

        /** A push came; returns null, or why the connection is to be closed. */
        @Nullable String onPush(ByteBuf buffer, int offset);

        /** The server is stopping: nothing more is to be sent on this connection. */
        void onGoAway(Connection connection);

        /** No more replies for now, or the socket takes more: the time to flush. */
        void onFlushable(Connection connection);

        /** The end. */
        void onClosed(Connection connection, IOException reason);
    }

    /**
     * What a connection needs to know.
     *
     * @param tls what is between the socket and the frames; null: nothing
     * @param credentials who the client says it is; null: it says nothing
     * @param checksums whether the server has to take checksums
     * @param largeValues for what would keep an event loop busy for milliseconds
     */
    record Settings(
            ServerAddress address,
            @Nullable ClientTls tls,
            @Nullable Supplier<Credentials> credentials,
            Class<? extends SocketChannel> channelType,
            NameResolver resolver,
            Executor largeValues,
            String clientName,
            long connectTimeoutMillis,
            boolean checksums,
            LongSupplier nanoClock) {}

    private enum State {
        DIALLING,
        GREETING,
        AUTHENTICATING,
        READY,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final List<String> FEATURES =
            List.of(
                    ProtocolLimits.FEATURE_PIECES,
                    ProtocolLimits.FEATURE_PUSH,
                    ProtocolLimits.FEATURE_CANCEL,
                    ProtocolLimits.FEATURE_LEASES);
    static final int HELLO_ID = 1;
    private static final int AUTH_ID = 2;

    /** What the kernel queues each way: a small request stands behind it, not behind mebibytes. */
    private static final int SOCKET_BYTES = 256 << 10;

    private static final int BYTES_UNSENT_LOW = 64 << 10;
    private static final int BYTES_UNSENT_HIGH = 256 << 10;

    private final Settings settings;
    private final Owner owner;
    private final int attempt;
    private final FrameDecoder decoder;
    private final Reply reply = new Reply();
    private State state = State.DIALLING;
    private @Nullable Channel channel;
    private @Nullable Future<?> timeout;
    private @Nullable HelloResponse hello;
    private @Nullable Authentication authentication;
    private boolean takesPieces;
    private boolean takesCancel;
    private boolean hasRead;

    /**
     * @param attempt how many have failed before; which of the host's addresses is tried turns on
     *     it
     */
    Connection(Settings settings, Owner owner, int attempt) {
        this.settings = settings;
        this.owner = owner;
        this.attempt = attempt;
        this.decoder =
                new FrameDecoder(
                        this,
                        FrameDirection.TO_CLIENT,
                        ProtocolLimits.HELLO_BODY_BYTES_MAX,
                        settings.nanoClock());
    }

    /** Begins. The timeout is for finding the address, connecting and greeting together. */
    void dial(EventLoop eventLoop) {
        timeout =
                eventLoop.schedule(
                        () ->
                                close(
                                        "no greeting within "
                                                + settings.connectTimeoutMillis()
                                                + " ms"),
                        settings.connectTimeoutMillis(),
                        TimeUnit.MILLISECONDS);
        var unused =
                settings.resolver()
                        .resolve(settings.address().host())
                        .whenComplete(
                                (found, failure) ->
                                        execute(eventLoop, () -> dial(eventLoop, found, failure)));
    }

    private static void execute(EventLoop eventLoop, Runnable step) {
        if (eventLoop.inEventLoop()) {
            step.run();
            return;
        }
        try {
            eventLoop.execute(step);
        } catch (RejectedExecutionException e) {
            LOG.trace("the client was closed meanwhile", e);
        }
    }

    private void dial(
            EventLoop eventLoop, InetAddress @Nullable [] found, @Nullable Throwable failure) {
        if (state != State.DIALLING) {
            return;
        }
        if (found == null || found.length == 0) {
            end(new IOException("unknown host " + settings.address().host(), failure));
            return;
        }
        InetAddress address = found[attempt % found.length];
        ChannelFuture connected =
                new Bootstrap()
                        .group(eventLoop)
                        .channel(settings.channelType())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.SO_SNDBUF, SOCKET_BYTES)
                        .option(ChannelOption.SO_RCVBUF, SOCKET_BYTES)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                0) // the timeout above is for all of it
                        .option(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(BYTES_UNSENT_LOW, BYTES_UNSENT_HIGH))
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel ch) {
                                        initialize(ch);
                                    }
                                })
                        .connect(new InetSocketAddress(address, settings.address().port()));
        channel = connected.channel();
        connected.addListener(
                result -> {
                    if (!result.isSuccess()) {
                        end(new IOException(result.cause().getMessage(), result.cause()));
                    }
                });
    }

    private void initialize(SocketChannel ch) {
        ClientTls tls = settings.tls();
        if (tls != null) {
            ch.pipeline().addLast(tls.newHandler(ch.alloc(), settings.address()));
        }
        ch.pipeline().addLast(decoder, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (state != State.DIALLING) {
            ctx.close();
            return;
        }
        state = State.GREETING;
        ByteBuf frame = ctx.alloc().directBuffer(ProtocolLimits.HEADER_BYTES);
        frame.writeZero(ProtocolLimits.HEADER_BYTES);
        HelloRequest.of(settings.clientName(), features()).write(frame);
        FrameHeader.putRequest(frame, 0, Opcode.HELLO.code(), 0, HELLO_ID);
        FrameHeader.putLengths(frame, 0, 0, 0, frame.readableBytes() - ProtocolLimits.HEADER_BYTES);
        ctx.writeAndFlush(frame, ctx.voidPromise());
    }

    private List<String> features() {
        List<String> features = new ArrayList<>(FEATURES);
        if (settings.checksums()) {
            features.add(ProtocolLimits.FEATURE_CHECKSUMS);
        }
        return features;
    }

    @Override
    public void onFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        if (state == State.CLOSED) {
            return;
        }
        if (FrameHeader.magic(buffer, offset) == FrameHeader.MAGIC_PUSH) {
            onPush(buffer, offset);
            return;
        }
        if (FrameHeader.requestId(buffer, offset) == 0) {
            close("the server says " + describeError(buffer, offset));
        } else if (state == State.READY) {
            String problem = owner.onReply(reply.wrap(buffer, offset));
            if (problem != null) {
                close(problem);
            }
        } else if (state == State.AUTHENTICATING) {
            onAuthenticated(ctx, buffer, offset);
        } else {
            onGreeting(ctx, buffer, offset);
        }
    }

    /** Those before the greeting are ignored. */
    private void onPush(ByteBuf buffer, int offset) {
        if (state != State.READY) {
            return;
        }
        String problem = owner.onPush(buffer, offset);
        if (problem != null) {
            close(problem);
        } else if (FrameHeader.opcode(buffer, offset) == Opcode.GOAWAY.code()) {
            owner.onGoAway(this);
        }
    }

    private void onGreeting(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        boolean isAnswer =
                FrameHeader.requestId(buffer, offset) == HELLO_ID
                        && FrameHeader.opcode(buffer, offset) == Opcode.HELLO.code();
        if (!isAnswer) {
            close("the first reply is not to HELLO");
            return;
        }
        if (!Status.isOk(FrameHeader.status(buffer, offset))) {
            close("HELLO refused: " + describeError(buffer, offset));
            return;
        }
        HelloResponse answer;
        try {
            answer =
                    HelloResponse.read(
                            buffer,
                            FrameHeader.valueOffset(buffer, offset),
                            FrameHeader.valueBytes(buffer, offset));
        } catch (MalformedMessageException e) {
            close("unreadable greeting: " + e.getMessage());
            return;
        }
        if (answer.version() != ProtocolLimits.VERSION) {
            close(
                    "protocol version: "
                            + answer.version()
                            + " (expected: "
                            + ProtocolLimits.VERSION
                            + ")");
            return;
        }
        if (settings.checksums() && !answer.features().contains(ProtocolLimits.FEATURE_CHECKSUMS)) {
            close("the server has no checksums, which this client was told to use");
            return;
        }
        hello = answer;
        Supplier<Credentials> credentials = settings.credentials();
        if (credentials == null) {
            becomeReady();
            return;
        }
        state = State.AUTHENTICATING;
        Authentication begun = new Authentication(credentials.get());
        authentication = begun;
        authenticate(ctx, begun.begin());
    }

    private static void authenticate(ChannelHandlerContext ctx, AuthRequest step) {
        ByteBuf frame = ctx.alloc().directBuffer(ProtocolLimits.HEADER_BYTES);
        frame.writeZero(ProtocolLimits.HEADER_BYTES);
        step.write(frame);
        FrameHeader.putRequest(frame, 0, Opcode.AUTH.code(), 0, AUTH_ID);
        FrameHeader.putLengths(frame, 0, 0, 0, frame.readableBytes() - ProtocolLimits.HEADER_BYTES);
        ctx.writeAndFlush(frame, ctx.voidPromise());
    }

    private void onAuthenticated(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        boolean isAnswer =
                FrameHeader.requestId(buffer, offset) == AUTH_ID
                        && FrameHeader.opcode(buffer, offset) == Opcode.AUTH.code();
        if (!isAnswer) {
            close("the reply is not to AUTH");
        } else if (!Status.isOk(FrameHeader.status(buffer, offset))) {
            close("AUTH refused: " + describeError(buffer, offset));
        } else {
            byte[] answer =
                    ByteBufUtil.getBytes(
                            buffer,
                            FrameHeader.valueOffset(buffer, offset),
                            FrameHeader.valueBytes(buffer, offset),
                            true);
            try {
                settings.largeValues().execute(() -> goOn(ctx, answer));
            } catch (RejectedExecutionException e) {
                LOG.trace("the client was closed meanwhile", e);
            }
        }
    }

    /** To find out what is next takes too long for the event loop. */
    private void goOn(ChannelHandlerContext ctx, byte[] answer) {
        try {
            AuthRequest next = requirePresent(authentication).next(answer);
            execute(ctx.channel().eventLoop(), () -> goOn(ctx, next));
        } catch (IllegalArgumentException e) {
            execute(ctx.channel().eventLoop(), () -> close("AUTH failed: " + e.getMessage()));
        }
    }

    private void goOn(ChannelHandlerContext ctx, @Nullable AuthRequest next) {
        if (state != State.AUTHENTICATING) {
            return;
        }
        if (next == null) {
            authentication = null;
            becomeReady();
        } else {
            authenticate(ctx, next);
        }
    }

    private void becomeReady() {
        HelloResponse answer = requirePresent(hello);
        takesPieces = answer.features().contains(ProtocolLimits.FEATURE_PIECES);
        takesCancel = answer.features().contains(ProtocolLimits.FEATURE_CANCEL);
        state = State.READY;
        cancelTimeout();
        decoder.bodyBytesMax(
                Math.min(answer.limits().bodyBytesMax(), ProtocolLimits.BODY_BYTES_MAX_CEILING));
        owner.onReady(this);
    }

    private String describeError(ByteBuf buffer, int offset) {
        return Dispatcher.statusName(reply.wrap(buffer, offset))
                + ": "
                + ErrorBody.read(buffer, offset).text();
    }

    @Override
    public void onOversizeFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        close(
                "a reply body of "
                        + FrameHeader.bodyBytes(buffer, offset)
                        + " bytes, above the server's own limit");
    }

    @Override
    public void onMalformedFrame(ChannelHandlerContext ctx, Status status, String expected) {
        close(status + ": " + expected);
    }

    @Override
    public void onBatchEnd(ChannelHandlerContext ctx) {
        hasRead = true;
        if (state == State.READY) {
            owner.onFlushable(this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (state == State.READY && ctx.channel().isWritable()) {
            owner.onFlushable(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(new IOException("the server closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable root =
                cause instanceof DecoderException && cause.getCause() != null
                        ? cause.getCause() // TLS's own words
                        : cause;
        end(
                new IOException(
                        root instanceof SSLException ? ClientTls.reason(root) : root.getMessage(),
                        root));
    }

    /** The socket; from {@link Owner#onReady} on. */
    Channel channel() {
        return requirePresent(channel);
    }

    /** What the server allows; from {@link Owner#onReady} on. */
    HelloLimits limits() {
        return requirePresent(hello).limits();
    }

    /** Whether the server takes values in pieces; from {@link Owner#onReady} on. */
    boolean takesPieces() {
        return takesPieces;
    }

    /** Whether the server takes CANCEL; from {@link Owner#onReady} on. */
    boolean takesCancel() {
        return takesCancel;
    }

    /** Whether the server tells of changes; from {@link Owner#onReady} on. */
    boolean tellsChanges() {
        return requirePresent(hello).features().contains(ProtocolLimits.FEATURE_PUSH);
    }

    /** What the server said of itself; from {@link Owner#onReady} on. */
    HelloResponse hello() {
        return requirePresent(hello);
    }

    private static <T> T requirePresent(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("connection: not ready (expected: after onReady)");
        }
        return value;
    }

    /** True if bytes have come since the last time this was asked. */
    boolean hasReadSinceAsked() {
        boolean answer = hasRead;
        hasRead = false;
        return answer;
    }

    /** True if a reply has begun and takes too long to end. */
    boolean isReplyOverdue(long nowNanos, long timeoutNanos) {
        return decoder.isPartialFrameOverdue(nowNanos, timeoutNanos);
    }

    /** Ends the connection, and tells the owner why. */
    void close(String reason) {
        end(new IOException(reason));
    }

    private void end(IOException reason) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        cancelTimeout();
        if (channel != null) {
            channel.close();
        }
        owner.onClosed(this, reason);
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
