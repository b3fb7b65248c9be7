package io.larder.client.cli;

import io.larder.client.api.ClientClosedException;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.ProtocolViolationException;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ServerException;
import io.larder.client.api.TooLargeException;
import io.larder.client.api.TooManyRequestsException;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/** Says what went wrong in one line: {@code ERROR <code> <text>}. */
final class ErrorLine {
    private ErrorLine() {}

    static String of(Throwable problem) {
        Throwable cause = problem;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof ServerException answer) {
            String prefix = answer.statusName() + ": "; // the code says it
            text = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        }
        StringBuilder line = new StringBuilder("ERROR ").append(code(cause)).append(' ');
        text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return line.toString();
    }

    private static String code(Throwable cause) {
        if (cause instanceof InputException input) {
            return input.code();
        } else if (cause instanceof ServerException answer) {
            return answer.statusName().toLowerCase(Locale.ROOT).replace('_', '-');
        } else if (cause instanceof NotConnectedException) {
            return "not-connected";
        } else if (cause instanceof ConnectionLostException) {
            return "connection-lost";
        } else if (cause instanceof RequestTimeoutException) {
            return "timeout";
        } else if (cause instanceof TooLargeException) {
            return "too-large";
        } else if (cause instanceof TooManyRequestsException) {
            return "too-many-requests";
        } else if (cause instanceof ProtocolViolationException) {
            return "protocol-violation";
        } else if (cause instanceof ClientClosedException) {
            return "closed";
        } else if (cause instanceof IllegalArgumentException) {
            return "bad-argument";
        }
        return "internal";
    }
}
