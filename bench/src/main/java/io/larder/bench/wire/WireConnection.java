package io.larder.bench.wire;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.bench.BenchException;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One connection of the generator: a blocking socket that carries requests, a batch at a time. One
 * write sends a batch, as many reads as it takes bring its answers, in any order; each is matched
 * by its id and checked. For one thread, but for {@link #close}, which any may call.
 */
/*
 *   idle -- addGet, addSet --> filling -- send --> waiting -- receiveAll --> idle
 *
 * A request's id is `batch << 16 | place in the batch`: an answer of another batch, or a second one
 * for the same place, ends the run, as nothing after it can be trusted.
 */
final class WireConnection implements AutoCloseable {
    private static final int PLACE_BITS = 16;
    private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
    private static final int HELLO_ID = -1;
    private static final int NOTHING_ASKED = -1;
    private static final int REPLY_OVERHEAD_BYTES = 64; // header and an extension or two
    private static final int SPARE_BYTES = 4096; // a HELLO or an error's text

    private final SocketChannel channel;
    private final WireFrames frames;
    private final ByteBuf requests;
    private final ByteBuf replies;
    private final ByteBuffer requestBytes; // the memory of requests
    private final ByteBuffer replyBytes; // the memory of replies
    private final int[] keyIndices; // asked for, by place; NOTHING_ASKED once answered
    private final boolean[] isSet; // by place
    private int batch;
    private int size;
    private int answered;
    private long sentAtNanos;

    private WireConnection(SocketChannel channel, WireFrames frames, int batchMax) {
        this.channel = channel;
        this.frames = frames;
        int requestsCapacity = batchMax * frames.requestBytesMax() + SPARE_BYTES;
        int repliesCapacity = batchMax * (frames.valueBytes() + REPLY_OVERHEAD_BYTES) + SPARE_BYTES;
        requests = Unpooled.directBuffer(requestsCapacity, requestsCapacity);
        replies = Unpooled.directBuffer(repliesCapacity, repliesCapacity);
        requestBytes = requests.nioBuffer(0, requestsCapacity);
        replyBytes = replies.nioBuffer(0, repliesCapacity);
        keyIndices = new int[batchMax];
        isSet = new boolean[batchMax];
    }

    /** Connects and greets. Locking: blocks until the server has answered. */
    static WireConnection open(InetSocketAddress address, WireFrames frames, int batchMax)
            throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            WireConnection connection = new WireConnection(channel, frames, batchMax);
            connection.greet();
            return connection;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void greet() throws IOException {
        requests.writerIndex(HEADER_BYTES);
        HelloRequest.of("larder-bench-wire").write(requests);
        FrameHeader.putRequest(requests, 0, Opcode.HELLO.code(), 0, HELLO_ID);
        FrameHeader.putLengths(requests, 0, 0, 0, requests.writerIndex() - HEADER_BYTES);
        writeRequests();
        int offset = -1;
        while (offset < 0) {
            read();
            offset = nextReply();
        }
        int status = FrameHeader.status(replies, offset);
        if (FrameHeader.requestId(replies, offset) != HELLO_ID || !Status.isOk(status)) {
            throw new BenchException("HELLO: " + Status.of(status) + " (expected: OK)");
        }
        becomeIdle();
    }

    /** Puts a GET into the batch. */
    void addGet(int keyIndex) {
        frames.writeGet(requests, take(keyIndex, false), keyIndex);
    }

    /** Puts a SET into the batch. */
    void addSet(int keyIndex) {
        frames.writeSet(requests, take(keyIndex, true), keyIndex);
    }

    private int take(int keyIndex, boolean isSetOfIt) {
        keyIndices[size] = keyIndex;
        isSet[size] = isSetOfIt;
        return (batch << PLACE_BITS) | size++;
    }

    /** Sends the batch. Locking: blocks while the socket is full. */
    void send() throws IOException {
        sentAtNanos = System.nanoTime();
        writeRequests();
    }

    private void writeRequests() throws IOException {
        requestBytes.clear().limit(requests.writerIndex());
        while (requestBytes.hasRemaining()) {
            channel.write(requestBytes);
        }
    }

    /** Receives all answers of the batch. Locking: blocks until they have come. */
    void receiveAll(WireTally tally) throws IOException {
        while (answered < size) {
            read();
            long nanos = System.nanoTime() - sentAtNanos;
            int answeredBefore = answered;
            for (int offset = nextReply(); offset >= 0; offset = nextReply()) {
                judge(offset, tally);
            }
            tally.addAnswers(answered - answeredBefore, nanos);
        }
        becomeIdle();
    }

    private void becomeIdle() {
        requests.clear();
        replies.clear();
        replyBytes.clear();
        size = 0;
        answered = 0;
        batch++;
    }

    private void read() throws IOException {
        if (!replyBytes.hasRemaining()) {
            replies.discardReadBytes();
            replyBytes.position(replies.writerIndex());
        }
        if (channel.read(replyBytes) < 0) {
            throw new EOFException("the server has closed the connection");
        }
        replies.writerIndex(replyBytes.position());
    }

    /** Where the next whole reply begins; -1 if there is none yet. */
    private int nextReply() {
        int offset = replies.readerIndex();
        int available = replies.readableBytes();
        if (available < HEADER_BYTES || available < FrameHeader.frameBytes(replies, offset)) {
            return -1;
        }
        if (FrameHeader.magic(replies, offset) != FrameHeader.MAGIC_RESPONSE) {
            throw new BenchException(
                    "magic of a reply: "
                            + FrameHeader.magic(replies, offset)
                            + " (expected: 0xD2)");
        }
        replies.skipBytes((int) FrameHeader.frameBytes(replies, offset));
        return offset;
    }

    private void judge(int offset, WireTally tally) {
        int requestId = FrameHeader.requestId(replies, offset);
        int place = requestId & PLACE_MASK;
        boolean isOfBatch = requestId >>> PLACE_BITS == (batch & PLACE_MASK) && place < size;
        if (!isOfBatch || keyIndices[place] == NOTHING_ASKED) {
            throw new BenchException(
                    "id of a reply: " + requestId + " (expected: of a request not yet answered)");
        }
        int keyIndex = keyIndices[place];
        keyIndices[place] = NOTHING_ASKED;
        answered++;
        int status = FrameHeader.status(replies, offset);
        if (status == Status.MISS.code()) {
            tally.addMiss();
        } else if (status != Status.OK.code()) {
            tally.addFailure();
        } else if (!isSet[place] && !frames.isValueOf(replies, offset, keyIndex)) {
            tally.addFailure();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BenchException("connection not closed: " + e.getMessage(), e);
        }
    }
}
