package io.larder.bench.hostile;

import io.larder.bench.BenchException;
import io.larder.bench.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a server tells of itself over HTTP and the telnet admin. For one thread. */
final class ServerFigures {
    private static final int PATIENCE_MILLIS = 60_000;

    private final InetSocketAddress http;
    private final InetSocketAddress admin;

    ServerFigures(ServerProcess server) {
        http = server.ready().address("http");
        admin = server.ready().address("admin");
    }

    /** The sum of a metric's samples, whatever their labels; 0 if it has none. */
    double metric(String name) {
        return metrics().stream()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private List<String> metrics() {
        String url = "http://127.0.0.1:" + http.getPort() + "/metrics";
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            connection.setRequestProperty("Connection", "close");
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            }
        } catch (IOException e) {
            throw new BenchException("server: no metrics: " + e.getMessage(), e);
        }
    }

    /** Whether {@code debug check} finds nothing. */
    boolean isSound() {
        try (Socket socket = new Socket(admin.getAddress(), admin.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write("debug check\nquit\n".getBytes(StandardCharsets.UTF_8));
            BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return reader.lines().anyMatch("STAT faults 0"::equals);
        } catch (IOException e) {
            throw new BenchException("server: no admin: " + e.getMessage(), e);
        }
    }
}
