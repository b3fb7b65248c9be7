package io.larder.server.net;

import io.larder.server.metrics.UserFigures;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one connection while it is open. Written by its event loop, once a batch; read
 * by any thread, each figure by itself.
 */
public final class ConnectionFigures {
    private final long id;
    private final String address;
    private final long openedUnixMillis = System.currentTimeMillis();
    private final long openedNanos;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    private final AtomicLong activeNanos;
    private volatile String clientName = "";
    private volatile String user = "";
    private @Nullable UserFigures userFigures; // of the event loop

    ConnectionFigures(long id, @Nullable SocketAddress address, long nowNanos) {
        this.id = id;
        this.address =
                address instanceof InetSocketAddress internet
                        ? NetUtil.toSocketAddressString(internet)
                        : String.valueOf(address);
        openedNanos = nowNanos;
        activeNanos = new AtomicLong(nowNanos);
    }

    void received(int frames, long bytes) {
        requests.setOpaque(requests.getPlain() + frames);
        bytesIn.setOpaque(bytesIn.getPlain() + bytes);
        if (userFigures != null) {
            userFigures.countRequests(frames);
            userFigures.countReceived(bytes);
        }
    }

    void sent(long bytes) {
        bytesOut.setOpaque(bytesOut.getPlain() + bytes);
        if (userFigures != null) {
            userFigures.countSent(bytes);
        }
    }

    void active(long nowNanos) {
        activeNanos.setOpaque(nowNanos);
    }

    void clientName(String name) {
        clientName = name;
    }

    /** Whose the connection is from now on; what it asks is counted there, too. */
    void user(String name, @Nullable UserFigures newUserFigures) {
        userFigures = newUserFigures;
        user = name;
    }

    /** The user; empty before he has shown who he is, and where there are no users. */
    public String user() {
        return user;
    }

    /** The connection's number, from 1 in the order of accepting. */
    public long id() {
        return id;
    }

    /** Where it comes from, as {@code 127.0.0.1:50432}. */
    public String address() {
        return address;
    }

    /** The name the client gave itself; empty before it has greeted. */
    public String clientName() {
        return clientName;
    }

    /** When it was accepted. */
    public long openedUnixMillis() {
        return openedUnixMillis;
    }

    /** How long it is open, in nanoseconds. */
    public long ageNanos(long nowNanos) {
        return nowNanos - openedNanos;
    }

    /** How long it has asked nothing, in nanoseconds; up to a quarter of a second late. */
    public long idleNanos(long nowNanos) {
        return Math.max(0, nowNanos - activeNanos.getOpaque());
    }

    /** Requests received so far. */
    public long requests() {
        return requests.getOpaque();
    }

    /** Bytes of them. */
    public long bytesIn() {
        return bytesIn.getOpaque();
    }

    /** Bytes of replies and pushes handed to the socket. */
    public long bytesOut() {
        return bytesOut.getOpaque();
    }
}
