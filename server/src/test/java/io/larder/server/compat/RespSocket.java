package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** A connection that speaks RESP and reads one reply or message at a time, for tests. */
final class RespSocket implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;

    RespSocket(CompatServer server) throws IOException {
        socket = new Socket("127.0.0.1", server.port("resp"));
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        input = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a line, and reads the next thing that comes, lines parted by {@code |}. */
    String ask(String line) throws IOException {
        send(line);
        return read();
    }

    void send(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
    }

    /** One reply or message, whole. */
    String read() throws IOException {
        String line = line();
        StringBuilder text = new StringBuilder(line);
        int count = "$*%~>".indexOf(line.charAt(0)) < 0 ? 0 : Integer.parseInt(line.substring(1));
        switch (line.charAt(0)) {
            case '$' -> {
                if (count >= 0) {
                    byte[] bytes = input.readNBytes(count + 2);
                    text.append('|').append(new String(bytes, 0, count, ISO_8859_1));
                }
            }
            case '*', '~', '>' -> readMore(count, text);
            case '%' -> readMore(2 * count, text);
            default -> {
                // a line is all
            }
        }
        return text.toString();
    }

    private void readMore(int count, StringBuilder text) throws IOException {
        for (int i = 0; i < count; i++) {
            text.append('|').append(read());
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int character = input.read();
        while (character >= 0 && character != '\n') {
            line.append((char) character);
            character = input.read();
        }
        if (line.isEmpty()) {
            throw new IOException("closed (expected: a reply)");
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
