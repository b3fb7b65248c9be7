package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The first thing a client says on a connection. Its layout is frozen for all versions; bytes after
 * the last known field are ignored.
 *
 * @param versionMin the lowest version of the protocol the client speaks, 0 to 255
 * @param versionMax the highest
 * @param clientName for the operator's eyes, up to 255 bytes of UTF-8
 * @param features names of what the client would like to use, up to 32
 */
/*
 *   0             1             2                4
 *   +-------------+-------------+----------------+--------------+---------------------------+
 *   | version min | version max | reserved u16, 0| name         | count u8, then features   |
 *   +-------------+-------------+----------------+--------------+---------------------------+
 *   name and each feature: length u8, UTF-8 bytes
 */
public record HelloRequest(
        int versionMin, int versionMax, String clientName, List<String> features) {

    public HelloRequest {
        if (versionMin < 0 || versionMax > 255 || versionMin > versionMax) {
            throw new IllegalArgumentException(
                    "versions: "
                            + versionMin
                            + ".."
                            + versionMax
                            + " (expected: an ascending range within 0..255)");
        }
        features = List.copyOf(features);
    }

    /** What a client of this module's version says. */
    public static HelloRequest of(String clientName) {
        return of(clientName, List.of());
    }

    /** What one says that would like to use these features. */
    public static HelloRequest of(String clientName, List<String> features) {
        return new HelloRequest(
                ProtocolLimits.VERSION, ProtocolLimits.VERSION, clientName, features);
    }

    /** True if the client speaks this version. */
    public boolean speaks(int version) {
        return version >= versionMin && version <= versionMax;
    }

    /**
     * Writes the value section.
     *
     * @throws IllegalArgumentException if a text or the list of features is too long
     */
    public void write(ByteBuf out) {
        out.writeByte(versionMin).writeByte(versionMax).writeShort(0);
        BodyReader.writeShortText(out, "clientName", clientName);
        BodyReader.writeShortTexts(out, "features", features, ProtocolLimits.FEATURES_MAX);
    }

    /**
     * Reads a value section.
     *
     * @throws MalformedMessageException if it is none
     */
    public static HelloRequest read(ByteBuf buffer, int valueOffset, int valueBytes) {
        BodyReader reader = new BodyReader(buffer, valueOffset, valueBytes);
        int versionMin = reader.u8("versionMin");
        int versionMax = reader.u8("versionMax");
        if (versionMin > versionMax) {
            throw new MalformedMessageException("versionMax", versionMax, "from " + versionMin);
        }
        reader.u16("reserved");
        String clientName = reader.shortText("clientName");
        List<String> features = reader.shortTexts("features", ProtocolLimits.FEATURES_MAX);
        return new HelloRequest(versionMin, versionMax, clientName, features);
    }
}
