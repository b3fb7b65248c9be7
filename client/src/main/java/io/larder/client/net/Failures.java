package io.larder.client.net;

import io.larder.client.api.ChecksumException;
import io.larder.client.api.CircuitOpenException;
import io.larder.client.api.ClientClosedException;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.NotANumberException;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.ProtocolViolationException;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ServerBusyException;
import io.larder.client.api.ServerException;
import io.larder.client.api.TooLargeException;
import io.larder.client.api.TooManyRequestsException;
import io.larder.client.api.UnsupportedByServerException;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The words for everything that can go wrong with a call to one server. Any thread. */
final class Failures {
    private final ServerAddress address;

    Failures(ServerAddress address) {
        this.address = address;
    }

    LarderException unsentTimeout(Call<?> call) {
        return new RequestTimeoutException(
                what(call) + "not sent within " + call.timeoutMillis() + " ms",
                call.wasLost && call.request.isWrite());
    }

    LarderException sentTimeout(Call<?> call) {
        return new RequestTimeoutException(
                what(call) + "no answer within " + call.timeoutMillis() + " ms",
                call.request.isWrite());
    }

    LarderException notConnected(Call<?> call, @Nullable Throwable reason) {
        if (call.wasLost && reason != null) {
            return connectionLost(call, reason);
        }
        String because = reason == null ? "" : ": " + describe(reason);
        return new NotConnectedException(what(call) + "not connected" + because, reason);
    }

    LarderException connectionLost(Call<?> call, Throwable reason) {
        return new ConnectionLostException(
                what(call) + "connection lost before the answer: " + describe(reason),
                reason,
                call.request.isWrite());
    }

    LarderException closed(Call<?> call, boolean sent) {
        return new ClientClosedException(
                what(call) + "the client was closed",
                (sent || call.wasLost) && call.request.isWrite());
    }

    LarderException circuitOpen(Call<?> call) {
        return new CircuitOpenException(
                what(call) + "too many calls without answer; it is left alone for a moment");
    }

    LarderException windowFull(Call<?> call, Window window) {
        return new TooManyRequestsException(
                what(call)
                        + "unanswered: "
                        + window.calls()
                        + " calls, "
                        + window.bytes()
                        + " bytes (expected: within "
                        + window.callsMax()
                        + " calls, "
                        + window.bytesMax()
                        + " bytes)");
    }

    LarderException aboveWindow(Call<?> call, Window window) {
        return new TooLargeException(
                what(call)
                        + "frameBytes: "
                        + call.frameBytes()
                        + " (expected: 0.."
                        + window.bytesMax()
                        + ", the client's windowBytes)",
                window.bytesMax());
    }

    /** Null unless no server may take so long a key and value; asked before they are copied. */
    static @Nullable LarderException aboveAnyLimit(Opcode opcode, byte[] key, byte[] value) {
        long max = ProtocolLimits.BODY_BYTES_MAX_CEILING;
        if ((long) key.length + value.length <= max) {
            return null;
        }
        return new TooLargeException(
                opcode
                        + ": bodyLength: "
                        + ((long) key.length + value.length)
                        + " (expected: 0.."
                        + max
                        + ", the protocol's limit)",
                max);
    }

    /** Null if the server takes a request of these lengths. */
    @Nullable LarderException aboveLimits(Call<?> call, HelloLimits limits, boolean takesPieces) {
        Request request = call.request;
        if (request.keyBytes > limits.keyBytesMax()) {
            return new TooLargeException(
                    what(call)
                            + "keyLength: "
                            + request.keyBytes
                            + " (expected: 1.."
                            + limits.keyBytesMax()
                            + ", the server's keyBytesMax)",
                    limits.keyBytesMax());
        }
        boolean mayPiece = takesPieces && request.opcode == Opcode.SET;
        if (request.bodyBytes() > limits.bodyBytesMax() && !mayPiece) {
            int valueBytes = request.body.length - request.keyBytes;
            int others = request.bodyBytes() - valueBytes;
            return new TooLargeException(
                    what(call)
                            + "valueLength: "
                            + valueBytes
                            + " (expected: 0.."
                            + (limits.bodyBytesMax() - others)
                            + " beside this key; the server's bodyBytesMax is "
                            + limits.bodyBytesMax()
                            + ")",
                    limits.bodyBytesMax());
        }
        return null;
    }

    LarderException unreadable(Call<?> call, Throwable problem) {
        return new ProtocolViolationException(
                what(call) + "unreadable reply: " + describe(problem),
                problem,
                call.request.isWrite());
    }

    LarderException damaged(Call<?> call) {
        return new ChecksumException(
                what(call) + "the value's checksum does not fit: it was damaged on the way",
                call.request.isWrite());
    }

    /** For a reply whose status is an error. */
    LarderException refused(Request request, Reply reply) {
        int code = reply.status();
        Status status = Status.of(code);
        String text =
                what(request)
                        + reply.buffer()
                                .toString(
                                        reply.valueOffset(),
                                        reply.valueBytes(),
                                        StandardCharsets.UTF_8);
        if (status == null) {
            boolean outcomeUnknown = code >= Status.BUSY.code() && request.isWrite();
            return new ServerException(
                    text, code, String.format("STATUS_0x%02X", code), outcomeUnknown);
        }
        String name = status.name();
        return switch (status) {
            case TOO_LARGE, KEY_LENGTH -> new TooLargeException(name + ": " + text, reply.limit());
            case NOT_A_NUMBER, NUMBER_OVERFLOW -> new NotANumberException(text, code, name);
            case UNKNOWN_OPCODE, UNKNOWN_FLAG, UNKNOWN_EXTENSION, UNSUPPORTED ->
                    new UnsupportedByServerException(text, code, name);
            case BUSY, SHUTTING_DOWN -> new ServerBusyException(text, code, name);
            case CHECKSUM_MISMATCH -> new ChecksumException(name + ": " + text, false);
            case DEADLINE -> new RequestTimeoutException(name + ": " + text, false);
            case INTERNAL -> new ServerException(text, code, name, request.isWrite());
            default -> new ServerException(text, code, name, false);
        };
    }

    private String what(Call<?> call) {
        return what(call.request);
    }

    private String what(Request request) {
        return request.opcode + " to " + address + ": ";
    }

    private static String describe(Throwable reason) {
        String message = reason.getMessage();
        return message == null ? reason.getClass().getSimpleName() : message;
    }
}
