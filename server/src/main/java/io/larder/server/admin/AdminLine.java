package io.larder.server.admin;

/** A line that came in, without its end; what was longer than a line may be is dropped. */
final class AdminLine {
    private static final byte[] NOTHING = new byte[0];

    private final byte[] bytes;
    private final long lengthBytes;

    private AdminLine(byte[] bytes, long lengthBytes) {
        this.bytes = bytes;
        this.lengthBytes = lengthBytes;
    }

    static AdminLine of(byte[] bytes) {
        return new AdminLine(bytes, bytes.length);
    }

    static AdminLine tooLong(long lengthBytes) {
        return new AdminLine(NOTHING, lengthBytes);
    }

    /** What it says, UTF-8; nothing if it was too long. */
    byte[] bytes() {
        return bytes;
    }

    /** How long it was. */
    long lengthBytes() {
        return lengthBytes;
    }

    boolean isTooLong() {
        return lengthBytes > bytes.length;
    }
}
