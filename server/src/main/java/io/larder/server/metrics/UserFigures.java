package io.larder.server.metrics;

import java.util.concurrent.atomic.LongAdder;

/** What one user has asked for since the start, on all his connections together. Any thread. */
public final class UserFigures {
    private final String user;
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder forbidden = new LongAdder();
    private final LongAdder overRate = new LongAdder();

    /** Of a user of this name, who has asked for nothing yet. */
    public UserFigures(String user) {
        this.user = user;
    }

    /** Requests came. */
    public void countRequests(int count) {
        requests.add(count);
    }

    /** Bytes of requests came. */
    public void countReceived(long bytes) {
        bytesIn.add(bytes);
    }

    /** Bytes of replies and pushes were handed to a socket. */
    public void countSent(long bytes) {
        bytesOut.add(bytes);
    }

    /** A request was refused, for he has not the right to it. */
    public void countForbidden() {
        forbidden.increment();
    }

    /** A request was refused, for it was one too many in its second. */
    public void countOverRate() {
        overRate.increment();
    }

    /** The user's name. */
    public String user() {
        return user;
    }

    /** Requests so far, in whichever protocol. */
    public long requests() {
        return requests.sum();
    }

    /** Their bytes, but for those to the admin and to HTTP. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    /** Bytes of replies and pushes, but for those of the admin and of HTTP. */
    public long bytesOut() {
        return bytesOut.sum();
    }

    /** Requests refused so far for want of a right. */
    public long forbidden() {
        return forbidden.sum();
    }

    /** Requests refused so far for a rate. */
    public long overRate() {
        return overRate.sum();
    }
}
