package io.larder.protocol;

import java.util.HexFormat;

/**
 * One exchange, byte by byte, that server and clients must agree on.
 *
 * @param name as the file's
 * @param comment what is given, and what the exchange shows
 * @param requestHex digits of what a client sends; in some vectors on purpose no whole frame
 * @param replyHex digits of what a server sends back; none if the request is quiet
 */
public record GoldenVector(String name, String comment, String requestHex, String replyHex) {
    /** The bytes a client sends. */
    public byte[] request() {
        return HexFormat.of().parseHex(requestHex);
    }

    /** The bytes a server sends back. */
    public byte[] reply() {
        return HexFormat.of().parseHex(replyHex);
    }

    @Override
    public String toString() {
        return name;
    }
}
