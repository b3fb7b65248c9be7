package io.larder.bench.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** What somebody says to a listener who is no user of it, and what he may be told. */
final class Strangers {
    /**
     * One thing that is said.
     *
     * @param listener to whom
     * @param said one character for each byte
     * @param expected a part of the answer; empty if there need be none
     * @param mayNameVersion whether the answer may say which program this is
     */
    record Said(String listener, String said, String expected, boolean mayNameVersion) {
        private static Said of(String listener, String said, String expected) {
            return new Said(listener, said, expected, false);
        }

        @Override
        public String toString() {
            return listener + " <- " + said.replaceAll("[^ -~]+", " ").strip();
        }
    }

    private static final String NO_KEY = "";

    private Strangers() {}

    static List<Said> all() {
        List<Said> all = new ArrayList<>();
        for (String path :
                List.of(
                        "/",
                        "/metrics",
                        "/api/server",
                        "/api/stats",
                        "/api/clients",
                        "/api/config",
                        "/api/events",
                        "/console/main.js",
                        "/nothing",
                        "/../conf/larder.conf")) {
            all.add(Said.of("http", request("GET " + path), path.startsWith("/..") ? "" : "401"));
        }
        all.add(Said.of("http", request("GET /health"), "200"));
        all.add(Said.of("http", request("GET /ready"), "200"));
        for (String method : List.of("HEAD /", "POST /", "OPTIONS *", "TRACE /", "PUT /metrics")) {
            all.add(Said.of("http", request(method), "HTTP/1.1 4"));
        }
        all.add(Said.of("http", "no request\r\n\r\n", ""));
        for (String line :
                List.of("version", "help", "stats", "json version", "config get", "watch conn")) {
            all.add(Said.of("admin", line + "\nquit\n", "auth-required"));
        }
        all.add(Said.of("admin", "nothing\nquit\n", "auth-required"));
        all.add(Said.of("admin", "ruok\nquit\n", "imok"));
        all.add(Said.of("admin", "\"\n\u0000\u00ff\nquit\n", ""));
        for (String line :
                List.of(
                        "INFO",
                        "HELLO",
                        "HELLO 3",
                        "COMMAND",
                        "CLIENT LIST",
                        "CONFIG GET *",
                        "GET k",
                        "PING",
                        "SELECT 0")) {
            all.add(Said.of("resp", line + "\r\nQUIT\r\n", "NOAUTH"));
        }
        all.add(Said.of("resp", "LOLWUT\r\nQUIT\r\n", "NOAUTH"));
        all.add(Said.of("resp", "*1\r\n$-5\r\n", "ERR"));
        for (String line :
                List.of("version", "stats", "stats settings", "mn", "me k", "get k", "mg k v")) {
            all.add(Said.of("memcached", line + "\r\nquit\r\n", "CLIENT_ERROR"));
        }
        all.add(Said.of("memcached", "verbosity 1\r\nquit\r\n", "CLIENT_ERROR"));
        for (int code : new int[] {0x0b, 0x10, 0x00, 0x0a}) { // version, stats, get, no-op
            all.add(Said.of("memcached", binary(code), "\u0000 ")); // the status
        }
        all.add(Said.of("data", "GET / HTTP/1.1\r\n\r\n0123456789", ""));
        all.add(Said.of("data", frame(Opcode.STATS, new byte[0]), "HELLO"));
        ByteBuf hello = Unpooled.buffer();
        HelloRequest.of("stranger").write(hello);
        String greeting = frame(Opcode.HELLO, ByteBufUtil.getBytes(hello));
        all.add(new Said("data", greeting + frame(Opcode.STATS, new byte[0]), "AUTH", true));
        return all;
    }

    private static String request(String line) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private static String binary(int code) {
        StringBuilder frame = new StringBuilder("\u0080").append((char) code);
        frame.append("\u0000".repeat(22));
        return frame.toString();
    }

    private static String frame(Opcode opcode, byte[] value) {
        return new String(Line.frame(opcode, 1, NO_KEY, value), ISO_8859_1);
    }
}
