package io.larder.faults;

import io.larder.faults.FaultProxy.Kind;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * One connection through a {@link FaultProxy}: what either side sends is cut into frames. Those of
 * the client go on at once; those of the server when they are due.
 */
final class ProxiedConnection {
    /*
     *   client --- frames -----------------------------------------------> server
     *   client <-- writer <-- frames, by when they are due <-- reader <--- server
     *
     * A frame that nothing befalls is due when it is read; of those due at once the one read first
     * goes first. So a delayed push is overtaken, and nothing else is.
     */
    private static final int COPY_BYTES = 64 << 10;
    private static final int FRAMES_MAX = 100_000;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private final SplittableRandom random; // of the thread that reads replies
    private final SplittableRandom requestRandom; // of the thread that reads requests
    private final DelayQueue<Frame> frames = new DelayQueue<>();

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Frame(byte[] bytes, long dueNanos, long number) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Frame frame = (Frame) other;
            int byTime = Long.compare(dueNanos - frame.dueNanos, 0);
            return byTime != 0 ? byTime : Long.compare(number, frame.number);
        }
    }

    ProxiedConnection(FaultProxy proxy, Socket client, SplittableRandom random) {
        this.proxy = proxy;
        this.client = client;
        this.random = random;
        this.requestRandom = random.split();
    }

    /** Begins; without a server the client is cut off. */
    void open(InetSocketAddress address) {
        try {
            server.connect(address);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            close();
            return;
        }
        FaultProxy.start("faults-requests", () -> run(this::copyRequests));
        FaultProxy.start("faults-replies", () -> run(this::readReplies));
        FaultProxy.start("faults-writer", () -> run(this::writeReplies));
    }

    /** One direction of a connection. */
    @FunctionalInterface
    private interface Pump {
        void run() throws IOException, InterruptedException;
    }

    private void run(Pump pump) {
        try {
            pump.run();
        } catch (IOException | InterruptedException e) {
            // either end has closed, or this has
        } finally {
            close();
        }
    }

    private void copyRequests() throws IOException {
        DataInputStream in =
                new DataInputStream(new BufferedInputStream(client.getInputStream(), COPY_BYTES));
        OutputStream out = new BufferedOutputStream(server.getOutputStream(), COPY_BYTES);
        while (true) {
            byte[] frame = readFrame(in);
            if (requestRandom.nextDouble() < proxy.rates().damageRequest()) {
                damage(frame, Kind.DAMAGED_REQUEST);
            }
            out.write(frame);
            if (in.available() < ProtocolLimits.HEADER_BYTES) {
                out.flush();
            }
        }
    }

    /** A whole frame; the length that its header tells is believed. */
    private static byte[] readFrame(DataInputStream in) throws IOException {
        byte[] header = in.readNBytes(ProtocolLimits.HEADER_BYTES);
        if (header.length < ProtocolLimits.HEADER_BYTES) {
            throw new EOFException();
        }
        int bodyBytes = ByteBuffer.wrap(header).getInt(FrameHeader.BODY_LENGTH_OFFSET);
        byte[] frame = Arrays.copyOf(header, header.length + bodyBytes);
        in.readFully(frame, header.length, bodyBytes);
        return frame;
    }

    private void damage(byte[] frame, Kind kind) {
        boolean isHello = (frame[FrameHeader.OPCODE_OFFSET] & 0xFF) == Opcode.HELLO.code();
        if (!isHello && frame.length > ProtocolLimits.HEADER_BYTES) {
            proxy.count(kind);
            frame[frame.length - 1] ^= 0x10;
        }
    }

    private void readReplies() throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(server.getInputStream());
        for (long number = 0; ; number++) {
            pass(readFrame(in), number);
        }
    }

    private void pass(byte[] frame, long number) throws IOException, InterruptedException {
        FaultRates rates = proxy.rates();
        boolean isPush = (frame[FrameHeader.MAGIC_OFFSET] & 0xFF) == FrameHeader.MAGIC_PUSH;
        boolean isSync = !isPush && (frame[FrameHeader.OPCODE_OFFSET] & 0xFF) == Opcode.SYNC.code();
        long dueNanos = System.nanoTime();
        if (isPush) {
            proxy.count(Kind.PUSH);
        }
        if (happens(rates.sever())) {
            proxy.count(Kind.SEVERED);
            throw new EOFException();
        }
        if (!isPush && happens(rates.damageReply())) {
            damage(frame, Kind.DAMAGED_REPLY);
        }
        if (isPush && happens(rates.dropPush())) {
            proxy.count(Kind.DROPPED);
            return;
        }
        if (isSync && happens(rates.dropSync())) {
            proxy.count(Kind.SYNC_DROPPED);
            return;
        }
        if (isPush && happens(rates.delayPush())) {
            proxy.count(Kind.DELAYED);
            dueNanos += millis(rates.delayMillisMax());
        }
        if (happens(rates.stall())) {
            proxy.count(Kind.STALL);
            TimeUnit.NANOSECONDS.sleep(millis(rates.stallMillisMax()));
        }
        while (frames.size() >= FRAMES_MAX) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        frames.add(new Frame(frame, dueNanos, number));
    }

    private boolean happens(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private long millis(int millisMax) {
        return TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(millisMax));
    }

    private void writeReplies() throws IOException, InterruptedException {
        OutputStream out = client.getOutputStream();
        while (!client.isClosed()) {
            Frame frame = frames.poll(100, TimeUnit.MILLISECONDS);
            if (frame != null) {
                out.write(frame.bytes());
            }
        }
    }

    /** Cuts both ends off. Idempotent. */
    void close() {
        try (client;
                server) {
            proxy.gone(this);
        } catch (IOException e) {
            // closed all the same
        }
    }
}
