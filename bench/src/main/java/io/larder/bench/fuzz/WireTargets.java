package io.larder.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.BenchException;
import io.larder.bench.fuzz.WireTarget.Replies;
import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.server.LarderServer;
import io.larder.server.StartException;
import io.larder.server.config.ConfigException;
import io.larder.server.config.ConfigurationLoader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The listeners of a whole server in this process, and a client that means well. Closing it closes
 * both. For one thread.
 */
final class WireTargets implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final List<String> SETTINGS =
            List.of(
                    "store.memory=32m",
                    "listeners.data.port=0",
                    "listeners.admin.port=0",
                    "listeners.http.port=0",
                    "listeners.memcached.port=0",
                    "listeners.resp.port=0");

    private final LarderServer server;
    private final Larder larder;
    private final BytesCache bystanders;

    WireTargets() {
        server = start();
        larder =
                Larder.builder("larder://127.0.0.1:" + address("data").getPort())
                        .requestTimeout(TIMEOUT)
                        .connect();
        bystanders = larder.cache("bystanders");
    }

    private static LarderServer start() {
        ConfigurationLoader loader = new ConfigurationLoader();
        try {
            for (String setting : SETTINGS) {
                loader.define(setting);
            }
            return LarderServer.start(loader.load());
        } catch (ConfigException | StartException e) {
            throw new BenchException("fuzz: no server: " + e.getMessage(), e);
        }
    }

    private InetSocketAddress address(String listener) {
        InetSocketAddress address = server.address(listener);
        if (address == null) {
            throw new BenchException("fuzz: no listener " + listener);
        }
        return address;
    }

    List<FuzzTarget> all() {
        return List.of(
                target("data", "wire-frames", Seeds.frames(), Seeds.hello()),
                target("data", "wire-greetings", List.of(Seeds.hello()), NOTHING),
                target("memcached", "wire-memcached-text", Seeds.text(), NOTHING),
                target("memcached", "wire-memcached-binary", Seeds.binary(), NOTHING),
                target("resp", "wire-resp", Seeds.resp(), NOTHING),
                target("admin", "wire-admin", Seeds.admin(), NOTHING),
                target("http", "wire-http", Seeds.http(), NOTHING));
    }

    private FuzzTarget target(String listener, String name, List<byte[]> seeds, byte[] greeting) {
        return new WireTarget(
                name,
                address(listener),
                seeds,
                greeting,
                listener.equals("data") ? Replies.FRAMES : Replies.ANY,
                this::ask);
    }

    /** What was stored is there, or was cleared by somebody; it is nothing else. */
    private void ask(int number) {
        byte[] key = ("bystander-" + number).getBytes(UTF_8);
        bystanders.put(key, key);
        Optional<byte[]> found = bystanders.get(key);
        if (found.isPresent() && !Arrays.equals(found.get(), key)) {
            throw new IllegalStateException("a bystander has read another value than he stored");
        }
    }

    /** Errors that nobody handled, as the server counts them. */
    long uncaughtErrors() {
        return Long.parseLong(larder.stats().getOrDefault("uncaught_errors", "-1"));
    }

    @Override
    public void close() {
        larder.close();
        server.close();
    }
}
