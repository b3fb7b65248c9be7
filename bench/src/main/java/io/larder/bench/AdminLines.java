package io.larder.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** One conversation with a server's telnet admin. For one thread. */
public final class AdminLines implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final BufferedReader reader;

    private AdminLines(Socket socket) throws IOException {
        this.socket = socket;
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    /**
     * Connects. Locking: blocks, as all that this does.
     *
     * @param hostAndPort as the READY line names it
     */
    public static AdminLines connect(String hostAndPort) throws IOException {
        int colon = hostAndPort.lastIndexOf(':');
        Socket socket =
                new Socket(
                        hostAndPort.substring(0, colon),
                        Integer.parseInt(hostAndPort.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new AdminLines(socket);
    }

    /**
     * The lines of the answer, its ending last.
     *
     * @throws IOException if the connection ends before, or nothing comes for half a minute
     */
    public List<String> ask(String line) throws IOException {
        socket.getOutputStream().write((line + '\n').getBytes(UTF_8));
        List<String> answer = new ArrayList<>();
        while (true) {
            String next = reader.readLine();
            if (next == null) {
                throw new EOFException("admin: closed within the answer to " + line);
            }
            answer.add(next);
            if (next.equals("END") || next.equals("OK") || next.startsWith("ERROR ")) {
                return answer;
            }
        }
    }

    /** The answer in one JSON value. */
    public String askJson(String line) throws IOException {
        socket.getOutputStream().write(("json " + line + '\n').getBytes(UTF_8));
        return String.valueOf(reader.readLine());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
