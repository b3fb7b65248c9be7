package io.larder.bench.fuzz;

import io.larder.protocol.AuthRequest;
import io.larder.protocol.BatchFrames;
import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExportReply;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.IncrementReply;
import io.larder.protocol.MalformedMessageException;
import io.larder.protocol.OpenRegionReply;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.ScanReply;
import io.larder.protocol.ScanRequest;
import io.larder.protocol.StatsReply;
import io.larder.protocol.SyncReply;
import io.larder.protocol.text.QuotedText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * What reads the body of a message, on either side, and the words of a line. A failure is anything
 * but the exception that says that it is malformed.
 */
final class BodyTarget implements FuzzTarget {
    @FunctionalInterface
    private interface Reader {
        Object read(ByteBuf buffer, int offset, int length);
    }

    private static final List<Reader> READERS =
            List.of(
                    HelloRequest::read,
                    HelloResponse::read,
                    AuthRequest::read,
                    ScanRequest::read,
                    ScanReply::read,
                    ExportReply::read,
                    StatsReply::read,
                    SyncReply::read,
                    OpenRegionReply::read,
                    IncrementReply::read,
                    BodyTarget::extensions,
                    BodyTarget::batch,
                    BodyTarget::error);

    private final List<byte[]> seeds;

    BodyTarget(List<byte[]> seeds) {
        this.seeds = seeds;
    }

    @Override
    public String name() {
        return "bodies";
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }

    @Override
    public void take(byte[] input) {
        ByteBuf buffer = Unpooled.wrappedBuffer(input);
        for (Reader reader : READERS) {
            try {
                reader.read(buffer, 0, input.length);
            } catch (MalformedMessageException answer) {
                // said so
            }
        }
        try {
            var unused = QuotedText.words(input);
        } catch (IllegalArgumentException answer) {
            // said so
        }
    }

    private static Object extensions(ByteBuf buffer, int offset, int length) {
        Extensions extensions = new Extensions().wrap(buffer, offset, length);
        int bytes = 0;
        while (extensions.next() == Extensions.Step.ENTRY) {
            bytes += extensions.valueLength();
        }
        return bytes;
    }

    private static Object batch(ByteBuf buffer, int offset, int length) {
        return new BatchFrames(FrameDirection.TO_SERVER).count(buffer, offset, length, 10);
    }

    /** Of a whole frame only, as the decoder hands over no other. */
    private static Object error(ByteBuf buffer, int offset, int length) {
        return length >= ProtocolLimits.HEADER_BYTES
                        && FrameHeader.hasConsistentLengths(buffer, offset)
                        && FrameHeader.frameBytes(buffer, offset) <= length
                ? ErrorBody.read(buffer, offset)
                : "";
    }
}
