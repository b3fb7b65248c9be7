package io.larder.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One request of one protocol, and what it takes.
 *
 * @param command what it asks for, as its protocol names it
 * @param request as it is sent, one character for each byte
 * @param rights which its user has to have; none: it is for everybody who is known
 * @param isNarrow whether they may be had on keys that begin with a/ only
 * @param isFree whether it is answered before the user is known
 * @param isLast whether nothing else is answered after it
 */
record PermissionRow(
        String command,
        String request,
        Set<String> rights,
        boolean isNarrow,
        boolean isFree,
        boolean isLast) {
    /** The key that requests are about. */
    static final String KEY = "a/k";

    private static final String KEY_BASE64 = "YS9r";

    /** For users. */
    private static PermissionRow row(String command, String request, String... rights) {
        Set<String> needed = new TreeSet<>(Arrays.asList(rights));
        return new PermissionRow(command, request, needed, false, false, false);
    }

    /** About one key. */
    private static PermissionRow key(String command, String request, String... rights) {
        Set<String> needed = new TreeSet<>(Arrays.asList(rights));
        return new PermissionRow(command, request, needed, true, false, false);
    }

    private static PermissionRow free(String command, String request) {
        return new PermissionRow(command, request, Set.of(), false, true, false);
    }

    private static PermissionRow text(String line, String... rights) {
        return row(line.split("[ \r]", 2)[0], line + "\r\n", rights);
    }

    private static PermissionRow textKey(String line, String... rights) {
        return key(line.split("[ \r]", 2)[0], line + "\r\n", rights);
    }

    /** memcached's text and meta commands. */
    static List<PermissionRow> ofText() {
        List<PermissionRow> rows = new ArrayList<>();
        for (String line :
                List.of(
                        "get a/k",
                        "bget a/k",
                        "gets a/k",
                        "mg a/k v",
                        "mg a/k k s t f",
                        "me a/k")) {
            rows.add(textKey(line, "read"));
        }
        rows.add(textKey("mg " + KEY_BASE64 + " b v", "read"));
        rows.add(textKey("me " + KEY_BASE64 + " b", "read"));
        rows.add(text("get a/k z/hidden", "read"));
        rows.add(text("mg ei9oaWRkZW4= v b", "read")); // z/hidden
        for (String line :
                List.of(
                        "gat 0 a/k",
                        "gats 0 a/k",
                        "incr a/k 1",
                        "decr a/k 1",
                        "mg a/k v N30",
                        "mg a/k v T0",
                        "mg a/k v R5",
                        "ma a/k",
                        "ma a/k N0 J1")) {
            rows.add(textKey(line, "read", "write"));
        }
        rows.add(text("gat 0 a/k z/hidden", "read", "write"));
        for (String verb : List.of("set", "add", "replace", "append", "prepend")) {
            rows.add(textKey(verb + " a/k 0 0 1\r\nx", "write"));
        }
        rows.add(textKey("cas a/k 0 0 1 7\r\nx", "write"));
        rows.add(textKey("delete a/k", "write"));
        rows.add(textKey("touch a/k 0", "write"));
        rows.add(textKey("ms a/k 1\r\nx", "write"));
        rows.add(textKey("ms " + KEY_BASE64 + " 1 b\r\nx", "write"));
        rows.add(textKey("md a/k", "write"));
        rows.add(text("flush_all", "clear"));
        rows.add(text("stats", "stats"));
        rows.add(text("stats items", "stats"));
        rows.add(text("stats reset", "operate"));
        rows.add(text("stats detail dump", "operate"));
        rows.add(text("slabs automove 0", "operate"));
        rows.add(text("verbosity 1", "operate"));
        rows.add(text("shutdown", "operate"));
        rows.add(text("version"));
        rows.add(text("mn"));
        rows.add(free("quit", "quit\r\n"));
        return rows;
    }

    /** A request of memcached's binary protocol. */
    static String binary(int code, byte[] extras, String key, String value) {
        byte[] keyBytes = key.getBytes(ISO_8859_1);
        byte[] valueBytes = value.getBytes(ISO_8859_1);
        int body = extras.length + keyBytes.length + valueBytes.length;
        ByteBuffer frame = ByteBuffer.allocate(24 + body);
        frame.put((byte) 0x80).put((byte) code).putShort((short) keyBytes.length);
        frame.put((byte) extras.length).put((byte) 0).putShort((short) 0).putInt(body);
        frame.putInt(code).putLong(0).put(extras).put(keyBytes).put(valueBytes);
        return new String(frame.array(), ISO_8859_1);
    }

    private static PermissionRow binaryKey(
            int code, int extrasBytes, String value, String... rights) {
        String request = binary(code, new byte[extrasBytes], KEY, value);
        return key(Integer.toHexString(code), request, rights);
    }

    private static PermissionRow binary(int code, String... rights) {
        return row(Integer.toHexString(code), binary(code, new byte[0], "", ""), rights);
    }

    /** memcached's binary commands, by their codes. */
    static List<PermissionRow> ofBinary() {
        List<PermissionRow> rows = new ArrayList<>();
        for (int code : new int[] {0x00, 0x09, 0x0c, 0x0d}) {
            rows.add(binaryKey(code, 0, "", "read"));
        }
        for (int code : new int[] {0x01, 0x02, 0x03, 0x11, 0x12, 0x13}) {
            rows.add(binaryKey(code, 8, "x", "write"));
        }
        for (int code : new int[] {0x0e, 0x0f, 0x19, 0x1a}) {
            rows.add(binaryKey(code, 0, "x", "write"));
        }
        rows.add(binaryKey(0x04, 0, "", "write"));
        rows.add(binaryKey(0x14, 0, "", "write"));
        rows.add(binaryKey(0x1c, 4, "", "write"));
        for (int code : new int[] {0x05, 0x06, 0x15, 0x16}) {
            rows.add(binaryKey(code, 20, "", "read", "write"));
        }
        for (int code : new int[] {0x1d, 0x1e, 0x23, 0x24}) {
            rows.add(binaryKey(code, 4, "", "read", "write"));
        }
        rows.add(binary(0x08, "clear"));
        rows.add(binary(0x18, "clear"));
        rows.add(binary(0x10, "stats"));
        rows.add(row("10", binary(0x10, new byte[0], "reset", ""), "operate"));
        rows.add(row("1b", binary(0x1b, new byte[4], "", ""), "operate"));
        rows.add(binary(0x0a));
        rows.add(binary(0x0b));
        rows.add(free("7", binary(0x07, new byte[0], "", "")));
        rows.add(free("17", binary(0x17, new byte[0], "", "")));
        rows.add(free("20", binary(0x20, new byte[0], "", "")));
        // those by which a user shows who he is, which the test itself sends
        rows.add(free("21", binary(0x20, new byte[0], "", "")));
        rows.add(free("22", binary(0x20, new byte[0], "", "")));
        return rows;
    }

    /** A request of RESP. */
    static String resp(String words) {
        String[] parts = words.split(" ", -1);
        StringBuilder text = new StringBuilder("*" + parts.length + "\r\n");
        for (String part : parts) {
            text.append('$').append(part.length()).append("\r\n").append(part).append("\r\n");
        }
        return text.toString();
    }

    private static void addResp(List<PermissionRow> rows, List<String> requests, String... rights) {
        requests.forEach(words -> rows.add(row(words.split(" ", 2)[0], resp(words), rights)));
    }

    private static void addRespKeys(
            List<PermissionRow> rows, List<String> requests, String... rights) {
        requests.forEach(words -> rows.add(key(words.split(" ", 2)[0], resp(words), rights)));
    }

    /** RESP's commands. */
    static List<PermissionRow> ofResp() {
        List<PermissionRow> rows = new ArrayList<>();
        addRespKeys(
                rows,
                List.of(
                        "get a/k",
                        "strlen a/k",
                        "getrange a/k 0 1",
                        "substr a/k 0 1",
                        "mget a/k",
                        "exists a/k",
                        "touch a/k",
                        "type a/k",
                        "ttl a/k",
                        "pttl a/k",
                        "expiretime a/k",
                        "pexpiretime a/k",
                        "memory usage a/k",
                        "object encoding a/k"),
                "read");
        addResp(rows, List.of("mget a/k z/hidden", "exists z/hidden"), "read");
        addRespKeys(
                rows,
                List.of(
                        "set a/k x",
                        "set a/k x NX",
                        "setnx a/k x",
                        "setex a/k 9 x",
                        "psetex a/k 9000 x",
                        "append a/k x",
                        "setrange a/k 0 x",
                        "mset a/k x",
                        "msetnx a/k x",
                        "del a/k",
                        "unlink a/k",
                        "expire a/k 9",
                        "pexpire a/k 9000",
                        "expireat a/k 9999999999",
                        "pexpireat a/k 9999999999000",
                        "persist a/k"),
                "write");
        addResp(rows, List.of("mset a/k x z/hidden x", "del a/k z/hidden"), "write");
        addRespKeys(
                rows,
                List.of(
                        "set a/k x GET",
                        "getset a/k x",
                        "getdel a/k",
                        "getex a/k",
                        "incr a/k",
                        "decr a/k",
                        "incrby a/k 1",
                        "decrby a/k 1",
                        "incrbyfloat a/k 1"),
                "read",
                "write");
        addResp(rows, List.of("scan 0", "randomkey", "scan 0 match *"), "scan");
        addRespKeys(rows, List.of("scan 0 match a/*"), "scan");
        addResp(rows, List.of("flushdb", "flushall"), "clear");
        addResp(rows, List.of("dbsize", "info", "config get *", "client list"), "stats");
        addResp(
                rows,
                List.of("config set timeout 0", "client kill id 999", "client unpause"),
                "operate");
        addResp(
                rows,
                List.of(
                        "ping",
                        "echo x",
                        "select 0",
                        "time",
                        "command",
                        "client id",
                        "client getname",
                        "client setname x",
                        "client info",
                        "client trackinginfo",
                        "client caching yes",
                        "client tracking off",
                        "client reply on",
                        "subscribe __redis__:invalidate",
                        "unsubscribe",
                        "client getredir"));
        for (String command : List.of("auth", "hello", "quit", "reset")) {
            rows.add(free(command, resp("quit")));
        }
        return rows;
    }

    private static void addAdmin(List<PermissionRow> rows, List<String> lines, String... rights) {
        lines.forEach(line -> rows.add(row(line.split(" ", 2)[0], line + "\n", rights)));
    }

    private static void addAdminKeys(
            List<PermissionRow> rows, List<String> lines, String... rights) {
        lines.forEach(line -> rows.add(key(line.split(" ", 2)[0], line + "\n", rights)));
    }

    /** The telnet admin's commands. */
    static List<PermissionRow> ofAdmin() {
        List<PermissionRow> rows = new ArrayList<>();
        addAdminKeys(rows, List.of("get a/k", "me a/k", "why a/k", "json get a/k"), "read");
        addAdmin(rows, List.of("get z/hidden"), "read");
        addAdminKeys(rows, List.of("delete a/k", "touch a/k 1h"), "write");
        addAdminKeys(rows, List.of("scan 0 a/", "count a/"), "scan");
        addAdmin(rows, List.of("scan 0", "bigkeys", "count \"\""), "scan");
        addAdminKeys(rows, List.of("flush prefix default a/", "invalidate prefix a/"), "clear");
        addAdmin(
                rows,
                List.of(
                        "flush region default",
                        "flush tag default t",
                        "invalidate tag t",
                        "invalidate region default",
                        "invalidate region default after 1h"),
                "clear");
        addAdmin(rows, List.of("flush", "flush 1h"), "clear");
        addAdmin(
                rows,
                List.of(
                        "stats",
                        "stats regions",
                        "stats conns",
                        "stats users",
                        "top",
                        "latency",
                        "regions",
                        "mrc",
                        "client list",
                        "memory"),
                "stats");
        addAdminKeys(rows, List.of("watch delete region=default prefix=a/"), "stats", "scan");
        addAdmin(
                rows,
                List.of(
                        "hotkeys",
                        "watch delete",
                        "watch fetch",
                        "watch delete region=default",
                        "watch conn region=default prefix=a/",
                        "watch delete prefix=a/",
                        "trace",
                        "slowlog get",
                        "advise",
                        "stats prefix"),
                "stats",
                "scan");
        addAdmin(
                rows,
                List.of(
                        "config get",
                        "config set limits.idle-timeout 0",
                        "limit nonsense",
                        "memory nonsense",
                        "compact",
                        "expire",
                        "snapshot",
                        "restore nothing",
                        "log level info",
                        "debug check",
                        "shutdown",
                        "client kill 999",
                        "client pause 0",
                        "watch audit",
                        "stats settings",
                        "stats reset",
                        "slowlog reset"),
                "operate");
        rows.add(new PermissionRow("drain", "drain\n", Set.of("operate"), false, false, true));
        addAdmin(rows, List.of("ready", "version", "uptime", "help"));
        for (String command : List.of("ruok", "quit", "auth")) {
            rows.add(free(command, "ruok\n"));
        }
        return rows;
    }

    private static void addHttp(List<PermissionRow> rows, List<String> paths, String... rights) {
        paths.forEach(path -> rows.add(row(path, path, rights)));
    }

    /** HTTP's pages. */
    static List<PermissionRow> ofHttp() {
        List<PermissionRow> rows = new ArrayList<>();
        rows.add(free("/health", "/health"));
        rows.add(free("/ready", "/ready"));
        addHttp(rows, List.of("/", "/api/server", "/console/main.js", "/nothing"));
        addHttp(
                rows,
                List.of(
                        "/metrics",
                        "/api/stats",
                        "/api/clients",
                        "/api/latency",
                        "/api/shards",
                        "/api/regions",
                        "/api/mrc"),
                "stats");
        addHttp(
                rows,
                List.of("/api/hotkeys", "/api/prefixes", "/api/slowlog", "/api/events"),
                "stats",
                "scan");
        addHttp(rows, List.of("/api/config"), "operate");
        return rows;
    }
}
