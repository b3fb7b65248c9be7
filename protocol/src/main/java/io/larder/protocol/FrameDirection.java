package io.larder.protocol;

/** Which way frames travel, and so what their first byte may be. */
public enum FrameDirection {
    /** What a server receives: requests. */
    TO_SERVER("0xD1"),
    /** What a client receives: responses and pushes. */
    TO_CLIENT("0xD2 or 0xD3");

    private final String expectedMagic;

    FrameDirection(String expectedMagic) {
        this.expectedMagic = expectedMagic;
    }

    /** True if a frame that travels this way may begin with this byte, 0 to 255. */
    public boolean accepts(int magic) {
        return this == TO_SERVER
                ? magic == FrameHeader.MAGIC_REQUEST
                : magic == FrameHeader.MAGIC_RESPONSE || magic == FrameHeader.MAGIC_PUSH;
    }

    /** What it may begin with, for people. */
    String expectedMagic() {
        return expectedMagic;
    }
}
