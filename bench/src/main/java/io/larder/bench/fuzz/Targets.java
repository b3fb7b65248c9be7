package io.larder.bench.fuzz;

import io.larder.protocol.file.RegionState;
import io.larder.protocol.file.StateFile;
import io.larder.server.admin.FuzzedAdmin;
import io.larder.server.auth.FuzzedUsers;
import io.larder.server.auth.UsersException;
import io.larder.server.compat.CompatFrontend;
import io.larder.server.compat.memcached.Memcached;
import io.larder.server.compat.resp.Resp;
import io.larder.server.config.ConfigException;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.http.FuzzedHttp;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.NetConfig;
import io.larder.server.snapshot.FuzzedSnapshot;
import io.larder.server.warm.FuzzedWarmFiles;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All that takes bytes of anybody. Closing it closes what they work on. For one thread. */
final class Targets implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Services services = new Services();
    private final Memcached memcached = new Memcached(services.commands);
    private final Resp resp = new Resp(services.commands);
    private final Path directory;

    /**
     * @param directory for the files that loaders read
     */
    Targets(Path directory) {
        this.directory = directory;
    }

    /** A new directory, in memory where the system has one there: files are written very often. */
    static Path newDirectory() throws IOException {
        return Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "larder-fuzz")
                : Files.createTempDirectory("larder-fuzz");
    }

    /** Takes a directory away, with what is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    List<FuzzTarget> all() throws IOException {
        return Stream.concat(decoders().stream(), loaders().stream()).toList();
    }

    private List<FuzzTarget> decoders() {
        List<byte[]> frames = Seeds.frames();
        return List.of(
                new BodyTarget(frames),
                channel("frames", frames, this::speakData, Seeds.hello()),
                channel("greetings", List.of(Seeds.hello()), this::speakData, NOTHING),
                channel("memcached-text", Seeds.text(), each -> compat("memcached", each), NOTHING),
                channel(
                        "memcached-binary",
                        Seeds.binary(),
                        each -> compat("memcached", each),
                        NOTHING),
                channel("resp", Seeds.resp(), each -> compat("resp", each), NOTHING),
                channel(
                        "admin",
                        Seeds.admin(),
                        each -> FuzzedAdmin.speak(each, services.errors),
                        NOTHING),
                channel(
                        "http",
                        Seeds.http(),
                        each -> FuzzedHttp.speak(each, services.errors),
                        NOTHING));
    }

    private FuzzTarget channel(
            String name, List<byte[]> seeds, Consumer<Channel> handlers, byte[] greeting) {
        return new ChannelTarget(name, seeds, services.errors, handlers, greeting);
    }

    /** With a front-end of its own, as one keeps something for each event loop it has seen. */
    private void speakData(Channel channel) {
        new BinaryFrontend(NetConfig.DEFAULT, services.dispatcher, services.errors).speak(channel);
    }

    private void compat(String name, Channel channel) {
        new CompatFrontend(
                        name,
                        NetConfig.DEFAULT,
                        services.commands,
                        name.equals("resp") ? resp : memcached)
                .initialize(channel);
    }

    private List<FuzzTarget> loaders() throws IOException {
        Path map = directory.resolve("warm");
        byte[] header = FuzzedWarmFiles.header(map);
        byte[] manifest = FuzzedWarmFiles.manifest(map);
        Path state = directory.resolve("region.state");
        try (StateFile written = StateFile.openToWrite(state)) {
            written.write(RegionState.ofNew(100));
        }
        byte[] stateBytes = Files.readAllBytes(state);
        return List.of(
                loader(
                        "configuration",
                        Seeds.of(
                                "store.memory = 64m\n# a comment\nlog.level = info\n",
                                "limits.idle-timeout = 10s\\\n\nregion.a.ttl : 5m\n",
                                "commands.disabled=flush,scan\nlisteners.data.port=\\u0030\n"),
                        file -> new ConfigurationLoader().file(file).load(),
                        ConfigException.class),
                loader(
                        "users",
                        Seeds.of(
                                "role all read,write,scan,clear *\nuser ada role=all token=sha256:"
                                        + "a".repeat(64)
                                        + "\n",
                                "role one read a:b%20c # said\nuser bob role=one\n"),
                        FuzzedUsers::read,
                        UsersException.class),
                snapshot(),
                loader(
                        "warm-header",
                        List.of(header),
                        FuzzedWarmFiles::readHeader,
                        IOException.class),
                new LoaderTarget(
                        "warm-manifest",
                        List.of(manifest),
                        FuzzedWarmFiles.manifestOf(map),
                        map,
                        FuzzedWarmFiles::readManifest,
                        List.of(IOException.class)),
                loader("region-state", List.of(stateBytes), Targets::readState, IOException.class));
    }

    /** Every second one with right checksums: what is behind them has to be reached, too. */
    private FuzzTarget snapshot() {
        Path file = directory.resolve("snapshot");
        return new LoaderTarget(
                "snapshot",
                List.of(
                        FuzzedSnapshot.of(FuzzedSnapshot.items(), 2),
                        FuzzedSnapshot.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 1)),
                file,
                file,
                each -> FuzzedSnapshot.load(each, services.store.store(), services.store.clock()),
                List.of(IOException.class, IllegalArgumentException.class)) {
            @Override
            public void take(byte[] input) throws Exception {
                if ((input.length & 1) == 0) {
                    FuzzedSnapshot.mend(input);
                }
                super.take(input);
            }
        };
    }

    private static void readState(Path file) throws IOException {
        try (StateFile state = StateFile.openToRead(file)) {
            var unused = state.read();
        }
    }

    private FuzzTarget loader(
            String name,
            List<byte[]> seeds,
            LoaderTarget.Loader loader,
            Class<? extends Exception> answer) {
        Path file = directory.resolve(name);
        return new LoaderTarget(name, seeds, file, file, loader, List.of(answer));
    }

    @Override
    public void close() {
        services.close();
    }
}
