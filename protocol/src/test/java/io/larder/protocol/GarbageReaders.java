package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Every reader of a body, over the same bytes; each may say malformed, and nothing else. */
final class GarbageReaders {
    private interface Reader {
        Object read(ByteBuf buffer, int offset, int length);
    }

    private static final List<Reader> READERS =
            List.of(
                    HelloRequest::read,
                    HelloResponse::read,
                    ScanRequest::read,
                    ScanReply::read,
                    StatsReply::read,
                    OpenRegionReply::read,
                    IncrementReply::read,
                    GarbageReaders::extensions,
                    GarbageReaders::batch);

    private GarbageReaders() {}

    static void readAll(ByteBuf buffer) {
        for (Reader reader : READERS) {
            try {
                reader.read(buffer, 0, buffer.readableBytes());
            } catch (MalformedMessageException expected) {
                assert expected.getMessage().contains("expected");
            }
        }
    }

    private static Object extensions(ByteBuf buffer, int offset, int length) {
        Extensions extensions = new Extensions().wrap(buffer, offset, length);
        int count = 0;
        while (extensions.next() == Extensions.Step.ENTRY) {
            count += extensions.valueLength();
        }
        return count;
    }

    private static Object batch(ByteBuf buffer, int offset, int length) {
        return new BatchFrames(FrameDirection.TO_SERVER).count(buffer, offset, length, 10);
    }
}
