package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.TOO_MANY_REQUESTS;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;
import static java.util.Objects.requireNonNull;

import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Caller;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.LingeringClose;
import io.larder.server.net.PeerCertificate;
import io.larder.server.region.RegionTable;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one connection, one after the other. Belongs to its event loop. */
/*
 * While an answer waits to be taken the channel is not read, and the flow control before this
 * handler keeps what came along in the same read: however many requests a peer sends at once, one
 * answer is in memory at a time. Answers that the socket takes at once, as nearly all, change
 * nothing: the flow control hands over the next request when this one has returned.
 *
 * One deadline covers a silent peer, one that sends its request byte by byte and one that does not
 * take its answer: from the connection's beginning, or the last answer, to the next one written.
 */
final class HttpHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final int RETRY_SECONDS = 1;

    private final Site site;
    private final UncaughtErrors errors;
    private final long deadlineMillis;
    private final AccessControl control;

    private @Nullable HttpAccess access;
    private @Nullable HttpRequest request; // its end is awaited
    private @Nullable ScheduledFuture<?> deadline;
    private boolean isAnswering;
    private boolean isLeaving; // the next answer is the last
    private boolean isEnding;

    HttpHandler(Site site, UncaughtErrors errors, AccessControl control, long deadlineMillis) {
        this.control = control;
        this.site = site;
        this.errors = errors;
        this.deadlineMillis = deadlineMillis;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Channel channel = context.channel();
        String address =
                channel.remoteAddress() instanceof InetSocketAddress internet
                        ? NetUtil.toSocketAddressString(internet)
                        : "unknown";
        access =
                new HttpAccess(
                        new Caller(control, RegionTable.DEFAULT_NAME, address),
                        () -> PeerCertificate.commonName(channel));
    }

    private HttpAccess access() {
        return requireNonNull(access);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        awaitRequest(context);
        context.fireChannelActive();
    }

    private void awaitRequest(ChannelHandlerContext context) {
        isAnswering = false;
        cancelDeadline();
        if (isLeaving) {
            var unused = context.close();
            return;
        }
        deadline =
                context.executor()
                        .schedule(
                                () -> {
                                    var unused = context.close();
                                },
                                deadlineMillis,
                                TimeUnit.MILLISECONDS);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (isEnding) {
            return;
        }
        if (message instanceof HttpRequest head) {
            InetSocketAddress local = (InetSocketAddress) context.channel().localAddress();
            Answer complaint = RequestRules.complaint(head, local.getAddress().isLoopbackAddress());
            if (complaint != null) {
                end(context, complaint);
                return;
            }
            request = head;
        }
        HttpRequest head = request;
        if (message instanceof LastHttpContent && head != null) {
            request = null;
            answer(context, head);
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest head) {
        isAnswering = true;
        Answer answer = streamOrAnswer(context, head);
        if (answer == null) {
            cancelDeadline();
            return;
        }
        if (isLeaving || !isKeptAlive(head) || access().isHopeless()) {
            end(context, answer);
            return;
        }
        ChannelFuture writing = write(context, answer);
        if (writing.isSuccess()) {
            awaitRequest(context);
            return;
        }
        context.channel().config().setAutoRead(false);
        writing.addListener(
                written -> {
                    if (written.isSuccess()) {
                        awaitRequest(context);
                        context.channel().config().setAutoRead(true);
                    }
                });
    }

    /** What to answer; null if the connection is a stream's from now on. */
    private @Nullable Answer streamOrAnswer(ChannelHandlerContext context, HttpRequest head) {
        try {
            String path = Site.path(head.uri());
            Answer refusal = access().refusal(head, path, site::has);
            ConnectionGate.name(context.channel(), access().user(), "");
            if (refusal != null) {
                return refusal;
            }
            StreamPage stream = site.stream(head.uri());
            if (stream == null || !head.method().equals(HttpMethod.GET)) {
                return site.answer(head.uri(), each -> access().maySee(each, site::has));
            }
            if (isLeaving || !isKeptAlive(head)) {
                return Answer.line(
                        BAD_REQUEST, "stream: over a connection to be closed (expected: HTTP/1.1)");
            }
            return stream.begin(context, this, () -> access().maySee(path, site::has));
        } catch (IOException | RuntimeException | Error e) {
            errors.record(e);
            return Answer.line(INTERNAL_SERVER_ERROR, "the page failed; the server's log says how");
        }
    }

    /** Those of HTTP/1.0 are not, whatever they say. */
    private static boolean isKeptAlive(HttpRequest head) {
        return HttpUtil.isKeepAlive(head) && !head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** Answers for the last time and lets the peer read it. */
    private void end(ChannelHandlerContext context, Answer answer) {
        isEnding = true;
        write(context, answer)
                .addListener(
                        written -> LingeringClose.begin(context.channel(), Unpooled.EMPTY_BUFFER));
    }

    private ChannelFuture write(ChannelHandlerContext context, Answer answer) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        answer.status(),
                        Unpooled.wrappedBuffer(answer.body()));
        HttpHeaders headers = response.headers();
        SecurityHeaders.addTo(headers);
        headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        if (answer.status().equals(UNAUTHORIZED)) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, HttpAccess.CHALLENGE);
        } else if (answer.status().equals(TOO_MANY_REQUESTS)) {
            headers.set(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
        } else if (answer.status().equals(METHOD_NOT_ALLOWED)) {
            headers.set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        if (isEnding) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return context.writeAndFlush(response);
    }

    /** An answer under way is completed; where none is, the connection is closed. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ConnectionGate.DRAIN) {
            context.fireUserEventTriggered(event);
            return;
        }
        isLeaving = true;
        if (request == null && !isAnswering && !isEnding) {
            var unused = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelDeadline();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) { // those are the other side's doing
            errors.record(cause);
        }
        var unused = context.close();
    }
}
