package io.larder.bench.wire;

import io.larder.bench.BenchException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One connection of the generator: a socket that never blocks, and the requests that it waits for
 * answers to. Requests are added, then sent together; answers come by {@link #proceed} and are each
 * matched to their request and checked. For one thread.
 */
/*
 *   idle -- addGet, addSet, send --> waiting -- proceed (the last answer) --> idle
 *
 * A request's id counts up, and its place is the id's low bits: `oldestId..nextId` are under way,
 * those in between that were answered out of order are marked. An answer to any other id ends the
 * run, as nothing after it can be trusted.
 *
 * What does not fit into the socket stays in `requests`, and the selector tells when there is room;
 * answers are read meanwhile, so a server that reads no more until it has been listened to goes on.
 */
final class WireConnection implements AutoCloseable {
    private static final int ANSWERED = -1;
    private static final int REPLIES_BYTES_MIN = 64 << 10;

    private final SocketChannel channel;
    private final Dialect dialect;
    private final ByteBuf requests;
    private final ByteBuf replies;
    private final ByteBuffer requestBytes; // the memory of requests
    private final ByteBuffer replyBytes; // the memory of replies
    private final int[] keyIndices; // by place; ANSWERED once that has been
    private final boolean[] isSet; // by place
    private final long[] startNanos; // by place: when it was sent, or was due
    private final SelectionKey key;
    private int oldestId;
    private int nextId;

    private WireConnection(
            SocketChannel channel, Selector selector, Dialect dialect, int requestsMax)
            throws IOException {
        this.channel = channel;
        this.dialect = dialect;
        int places = Integer.highestOneBit(2 * requestsMax - 1);
        int requestsCapacity = Math.max(requestsMax * dialect.requestBytesMax(), 1 << 10);
        int repliesCapacity = Math.max(2 * dialect.replyBytesMax(), REPLIES_BYTES_MIN);
        requests = Unpooled.directBuffer(requestsCapacity, requestsCapacity);
        replies = Unpooled.directBuffer(repliesCapacity, repliesCapacity);
        requestBytes = requests.nioBuffer(0, requestsCapacity);
        replyBytes = replies.nioBuffer(0, repliesCapacity);
        keyIndices = new int[places];
        isSet = new boolean[places];
        startNanos = new long[places];
        greet();
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /**
     * Connects and greets. Locking: blocks until the server has answered.
     *
     * @param requestsMax that may be under way
     */
    static WireConnection open(
            InetSocketAddress address, Selector selector, Dialect dialect, int requestsMax)
            throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new WireConnection(channel, selector, dialect, requestsMax);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void greet() throws IOException {
        dialect.writeGreeting(requests);
        if (!requests.isReadable()) {
            return;
        }
        while (requests.isReadable()) {
            write();
        }
        while (dialect.replyBytes(replies) == Dialect.INCOMPLETE) {
            read();
        }
        dialect.checkWelcome(replies);
        requests.clear();
        replies.clear();
    }

    /** True if nothing is under way. */
    boolean isIdle() {
        return oldestId == nextId;
    }

    /** True if so many requests may be added. */
    boolean hasRoom(int count) {
        return nextId - oldestId + count <= keyIndices.length
                && requests.writableBytes() >= count * dialect.requestBytesMax();
    }

    /**
     * Adds a GET.
     *
     * @param nanos when it is sent, or was due
     */
    void addGet(int keyIndex, long nanos) {
        dialect.writeGet(requests, take(keyIndex, false, nanos), keyIndex);
    }

    /** Adds a SET. */
    void addSet(int keyIndex, long nanos) {
        dialect.writeSet(requests, take(keyIndex, true, nanos), keyIndex);
    }

    private int take(int keyIndex, boolean isSetOfIt, long nanos) {
        int place = place(nextId);
        keyIndices[place] = keyIndex;
        isSet[place] = isSetOfIt;
        startNanos[place] = nanos;
        return nextId++;
    }

    private int place(int id) {
        return id & (keyIndices.length - 1);
    }

    /** Sends what was added, as far as the socket takes it. */
    void send() throws IOException {
        write();
        if (requests.isReadable()) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            return;
        }
        requests.clear();
        if ((key.interestOps() & SelectionKey.OP_WRITE) != 0) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void write() throws IOException {
        requestBytes.limit(requests.writerIndex()).position(requests.readerIndex());
        channel.write(requestBytes);
        requests.readerIndex(requestBytes.position());
    }

    /** Does what the selector says can be done: sends what is left, reads and judges answers. */
    void proceed(WireTally tally) throws IOException {
        if (key.isWritable() && requests.isReadable()) {
            send();
        }
        if (!key.isReadable()) {
            return;
        }
        boolean isMore = true;
        while (isMore) {
            isMore = read();
            judgeAll(tally, System.nanoTime());
        }
    }

    /** Reads once; true if that filled the buffer, so that there may be more. */
    private boolean read() throws IOException {
        replies.discardReadBytes();
        replyBytes.clear().position(replies.writerIndex());
        if (channel.read(replyBytes) < 0) {
            throw new EOFException("the server has closed the connection");
        }
        replies.writerIndex(replyBytes.position());
        return !replyBytes.hasRemaining();
    }

    /** Judges what is there; answers in a row to requests of one time are counted together. */
    private void judgeAll(WireTally tally, long nowNanos) {
        int count = 0;
        long start = 0;
        for (int bytes = dialect.replyBytes(replies);
                bytes != Dialect.INCOMPLETE;
                bytes = dialect.replyBytes(replies)) {
            int place = placeOfReply();
            if (count > 0 && startNanos[place] != start) {
                tally.addAnswers(count, nowNanos - start);
                count = 0;
            }
            start = startNanos[place];
            count++;
            switch (dialect.answer(replies, isSet[place], keyIndices[place])) {
                case RIGHT -> {}
                case MISS -> tally.addMiss();
                case WRONG -> tally.addFailure();
            }
            keyIndices[place] = ANSWERED;
            replies.skipBytes(bytes);
            while (oldestId != nextId && keyIndices[place(oldestId)] == ANSWERED) {
                oldestId++;
            }
        }
        tally.addAnswers(count, nowNanos - start);
    }

    private int placeOfReply() {
        int id = dialect.requestId(replies, oldestId);
        boolean isUnderWay = id - oldestId >= 0 && id - nextId < 0;
        if (!isUnderWay || keyIndices[place(id)] == ANSWERED) {
            throw new BenchException(
                    "id of a reply: " + id + " (expected: of a request not yet answered)");
        }
        return place(id);
    }

    @Override
    public void close() {
        requests.release();
        replies.release();
        try {
            channel.close();
        } catch (IOException e) {
            throw new BenchException("connection not closed: " + e.getMessage(), e);
        }
    }
}
