package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A server's answer to a {@link HelloRequest}. Its layout is frozen for all versions; bytes after
 * the last known field are ignored.
 *
 * @param version the version that both will speak from now on, 0 to 255
 * @param limits what the server accepts
 * @param bootId another number after each start of the server: what was learnt from an earlier one
 *     (region ids, cursors) is void
 * @param serverVersion of the program, for people, up to 255 bytes of UTF-8
 * @param features those the client named that the server offers
 */
/*
 *   0         1             2                4                                 8
 *   +---------+-------------+----------------+---------------------------------+
 *   | version | reserved, 0 | key bytes max  | body bytes max                  |
 *   +---------+-------------+----------------+---------------------------------+
 *   8                                        12                                16
 *   +----------------------------------------+---------------------------------+
 *   | batch operations max                   | window, requests                |
 *   +----------------------------------------+---------------------------------+
 *   16                                       20                                28
 *   +----------------------------------------+---------------------------------+
 *   | window, bytes                          | boot id u64                     |
 *   +----------------------------------------+---------------------------------+
 *   28
 *   +----------------+---------------------------+
 *   | server version | count u8, then features   |
 *   +----------------+---------------------------+
 *   server version and each feature: length u8, UTF-8 bytes
 */
public record HelloResponse(
        int version, HelloLimits limits, long bootId, String serverVersion, List<String> features) {

    public HelloResponse {
        if (version < 0 || version > 255) {
            throw new IllegalArgumentException("version: " + version + " (expected: 0..255)");
        }
        features = List.copyOf(features);
    }

    /**
     * Writes the value section.
     *
     * @throws IllegalArgumentException if a text or the list of features is too long
     */
    public void write(ByteBuf out) {
        out.writeByte(version).writeByte(0);
        out.writeShort(limits.keyBytesMax());
        out.writeInt(limits.bodyBytesMax());
        out.writeInt(limits.batchOperationsMax());
        out.writeInt(limits.windowRequests());
        out.writeInt(limits.windowBytes());
        out.writeLong(bootId);
        BodyReader.writeShortText(out, "serverVersion", serverVersion);
        BodyReader.writeShortTexts(out, "features", features, ProtocolLimits.FEATURES_MAX);
    }

    /**
     * Reads a value section.
     *
     * @throws MalformedMessageException if it is none
     */
    public static HelloResponse read(ByteBuf buffer, int valueOffset, int valueBytes) {
        BodyReader reader = new BodyReader(buffer, valueOffset, valueBytes);
        int version = reader.u8("version");
        reader.u8("reserved");
        HelloLimits limits =
                new HelloLimits(
                        reader.u16("keyBytesMax"),
                        reader.count32("bodyBytesMax"),
                        reader.count32("batchOperationsMax"),
                        reader.count32("windowRequests"),
                        reader.count32("windowBytes"));
        long bootId = reader.u64("bootId");
        String serverVersion = reader.shortText("serverVersion");
        List<String> features = reader.shortTexts("features", ProtocolLimits.FEATURES_MAX);
        return new HelloResponse(version, limits, bootId, serverVersion, features);
    }
}
