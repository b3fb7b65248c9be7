package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.Credentials;
import io.larder.protocol.text.QuotedText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server's telnet admin: one line there, its answer back. Locking: every method
 * blocks; an answer may take as long as the command does. For one thread.
 */
final class AdminConnection implements AutoCloseable {
    static final String DEFAULT_SERVER = "127.0.0.1:7171";

    private static final int PORT = 7171;
    private static final String JSON = "json ";

    private final Socket socket;
    private final BufferedReader answers;

    private AdminConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /**
     * Connects.
     *
     * @param server HOST:PORT, or HOST
     * @throws InputException if that is none, or nobody answers there
     */
    static AdminConnection open(String server, Access access) {
        InetSocketAddress address = address(server);
        try {
            AdminConnection connection = new AdminConnection(access.connect(address));
            connection.authenticate(access.credentials());
            return connection;
        } catch (IOException e) {
            throw new InputException(
                    "not-connected",
                    server + ": " + e.getMessage() + " (expected: an admin listener)");
        }
    }

    private void authenticate(@Nullable Credentials shown) throws IOException {
        if (shown == null) {
            return;
        }
        String line =
                shown.isToken()
                        ? "auth " + quoted(shown.secret())
                        : "auth " + quoted(shown.user()) + ' ' + quoted(shown.secret());
        List<String> answer = new ArrayList<>();
        if (!ask(line, answer::add)) {
            close();
            throw new InputException("refused", String.join(" ", answer));
        }
    }

    private static String quoted(String text) {
        return QuotedText.quote(text.getBytes(UTF_8));
    }

    private static InetSocketAddress address(String server) {
        int colon = server.lastIndexOf(':');
        boolean hasPort =
                colon > server.lastIndexOf(']')
                        && colon == server.indexOf(':', server.lastIndexOf(']') + 1);
        String host = hasPort ? server.substring(0, colon) : server;
        try {
            int port = hasPort ? Integer.parseInt(server.substring(colon + 1)) : PORT;
            if (!host.isBlank() && port > 0) {
                return new InetSocketAddress(host.replaceAll("^\\[|]$", ""), port);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new InputException("bad-argument", "--server: " + server + " (expected: HOST:PORT)");
    }

    /**
     * Asks and hands each line of the answer over as it comes, the ending too.
     *
     * @return whether it ended well
     * @throws IOException if the connection ends before the answer does
     */
    boolean ask(String line, Consumer<String> lines) throws IOException {
        socket.getOutputStream().write((line + '\n').getBytes(UTF_8));
        boolean isJson = line.startsWith(JSON);
        while (true) {
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("the connection ended before the answer");
            }
            lines.accept(answer);
            if (answer.startsWith("ERROR ") || (isJson && answer.startsWith("{\"error\""))) {
                return false;
            }
            if (isJson || isEnding(answer)) {
                return true;
            }
        }
    }

    private static boolean isEnding(String answer) {
        return answer.equals("END") || answer.equals("OK") || answer.equals("imok");
    }

    /**
     * Asks for lines of data, without the ending.
     *
     * @throws InputException with the server's words, if it answers by an error
     */
    List<String> lines(String line) throws IOException {
        List<String> lines = new ArrayList<>();
        if (!ask(line, lines::add)) {
            String error = lines.get(lines.size() - 1);
            throw new InputException("refused", line + ": " + error);
        }
        lines.remove(lines.size() - 1);
        return lines;
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }
}
