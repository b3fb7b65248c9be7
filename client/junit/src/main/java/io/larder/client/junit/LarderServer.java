package io.larder.client.junit;

import io.larder.client.Larder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A server for tests, on free ports of the loopback. Any thread may use it; who starts it closes
 * it.
 *
 * <pre>{@code
 * try (LarderServer server = LarderServer.startEmbedded();
 *         Larder larder = Larder.connect(server.uri())) {
 *     ...
 * }
 * }</pre>
 *
 * <p>It runs in this JVM if that has the options which the off-heap store asks for ({@code
 * --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED} and the others of {@code
 * conf/jvm-*.options}). Else it runs in a JVM of its own, of the same Java and class path, that
 * ends when this one does, however it ends.
 */
public final class LarderServer implements AutoCloseable {
    /** How much memory the server has unless a setting says otherwise. */
    public static final String MEMORY_DEFAULT = "64m";

    private static final int ADMIN_TIMEOUT_MILLIS = 10_000;

    private final RunningServer running;

    private LarderServer(RunningServer running) {
        this.running = running;
    }

    /**
     * Starts a server.
     *
     * <p>Locking: blocks until it accepts, in a JVM of its own a second or so.
     *
     * @param settings {@code key=value} each, as {@code bin/larder serve -D} takes them
     * @throws IllegalArgumentException if a setting is unknown or out of range, naming it
     * @throws IllegalStateException if it cannot be started, with the reason
     */
    public static LarderServer startEmbedded(String... settings) {
        return start(JvmOptions.areSet(), settings);
    }

    /**
     * @param inThisJvm which of the two places
     */
    static LarderServer start(boolean inThisJvm, String... settings) {
        List<String> all = new ArrayList<>();
        all.add("store.memory=" + MEMORY_DEFAULT);
        all.add("listeners.data.port=0");
        all.add("listeners.admin.port=0");
        all.add("listeners.http.port=0");
        all.addAll(List.of(settings)); // of one key the last counts
        return new LarderServer(inThisJvm ? LocalServer.start(all) : ChildServer.start(all));
    }

    /** Where clients connect: {@code larder://127.0.0.1:PORT}. */
    public String uri() {
        return "larder://127.0.0.1:" + port();
    }

    /** Where clients connect on the loopback. */
    public int port() {
        return running.dataPort();
    }

    /** Where the telnet admin listens on the loopback. */
    public int adminPort() {
        return running.adminPort();
    }

    /** True if the server runs in this JVM. */
    public boolean isInThisJvm() {
        return running instanceof LocalServer;
    }

    /** A client of its own; its caller closes it. */
    public Larder connect() {
        return Larder.connect(uri());
    }

    /**
     * Removes every item of every region.
     *
     * <p>Locking: blocks until that is done.
     *
     * @throws IllegalStateException if the server does not do it, with the reason
     */
    public void clear() {
        try (Socket admin = new Socket(InetAddress.getLoopbackAddress(), adminPort())) {
            admin.setSoTimeout(ADMIN_TIMEOUT_MILLIS);
            admin.getOutputStream().write("flush\n".getBytes(StandardCharsets.UTF_8));
            String answer =
                    new BufferedReader(
                                    new InputStreamReader(
                                            admin.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            if (!"OK".equals(answer)) {
                throw new IllegalStateException("flush: " + answer + " (expected: OK)");
            }
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException(
                    "flush: no answer within " + ADMIN_TIMEOUT_MILLIS + " ms", e);
        } catch (IOException e) {
            throw new IllegalStateException("flush: " + e.getMessage(), e);
        }
    }

    /**
     * Stops the server. Again: does nothing.
     *
     * <p>Locking: blocks until it has ended, 10 s at most and a little more.
     */
    @Override
    public void close() {
        running.close();
    }
}
