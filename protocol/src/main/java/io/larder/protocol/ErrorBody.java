package io.larder.protocol;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The body of a response whose status is an error: what was wrong, for people, and the numbers a
 * program needs to do better.
 *
 * @param text the value section, UTF-8, as {@code keyLength: 5000 (expected: 1..4095)}; cut off at
 *     {@link ProtocolLimits#ERROR_TEXT_BYTES_MAX} bytes when written
 * @param limit the limit that was exceeded, extension LIMIT
 * @param retryAfterMillis when to try again, extension RETRY_AFTER; negative is unsigned
 */
public record ErrorBody(String text, OptionalLong limit, OptionalInt retryAfterMillis) {

    /** An error that has only a text. */
    public static ErrorBody of(String text) {
        return new ErrorBody(text, OptionalLong.empty(), OptionalInt.empty());
    }

    /** An error about a value that is not as it should be. */
    public static ErrorBody of(String name, Object value, String expected) {
        return of(name + ": " + value + " (expected: " + expected + ")");
    }

    public ErrorBody withLimit(long newLimit) {
        return new ErrorBody(text, OptionalLong.of(newLimit), retryAfterMillis);
    }

    public ErrorBody withRetryAfterMillis(int newRetryAfterMillis) {
        return new ErrorBody(text, limit, OptionalInt.of(newRetryAfterMillis));
    }

    /** Writes a whole response frame at the writer index. */
    public void writeResponse(ByteBuf out, int opcode, Status status, int requestId) {
        assert status.isError() : status;
        int start = out.writerIndex();
        out.writeZero(HEADER_BYTES);
        limit.ifPresent(value -> Extensions.writeLong(out, ExtensionType.LIMIT, value));
        retryAfterMillis.ifPresent(
                value -> Extensions.writeInt(out, ExtensionType.RETRY_AFTER, value));
        int extensionBytes = out.writerIndex() - start - HEADER_BYTES;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int textBytes = bytesWithinLimit(bytes);
        out.writeBytes(bytes, 0, textBytes);
        FrameHeader.putResponse(out, start, opcode, status, requestId);
        FrameHeader.putLengths(out, start, extensionBytes, 0, textBytes);
    }

    /** The longest beginning of whole characters that is within the limit. */
    private static int bytesWithinLimit(byte[] bytes) {
        if (bytes.length <= ProtocolLimits.ERROR_TEXT_BYTES_MAX) {
            return bytes.length;
        }
        int length = ProtocolLimits.ERROR_TEXT_BYTES_MAX;
        while ((bytes[length] & 0xC0) == 0x80) {
            length--;
        }
        return length;
    }

    /** Reads the body of a whole response frame; what is malformed in it is left out. */
    public static ErrorBody read(ByteBuf buffer, int offset) {
        ErrorBody body =
                of(
                        buffer.toString(
                                FrameHeader.valueOffset(buffer, offset),
                                FrameHeader.valueBytes(buffer, offset),
                                StandardCharsets.UTF_8));
        Extensions extensions =
                new Extensions()
                        .wrap(
                                buffer,
                                FrameHeader.extensionOffset(offset),
                                FrameHeader.extensionBytes(buffer, offset));
        while (extensions.next() == Extensions.Step.ENTRY) {
            switch (extensions.type()) {
                case LIMIT -> body = body.withLimit(extensions.longValue());
                case RETRY_AFTER -> body = body.withRetryAfterMillis(extensions.intValue());
                default -> {
                    // says nothing about an error
                }
            }
        }
        return body;
    }
}
