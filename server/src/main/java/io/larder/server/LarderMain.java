package io.larder.server;

import io.larder.server.config.ConfigException;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.config.LiveConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program {@code larder serve}. Standard output gets one line, {@code READY …}, when the server
 * accepts; the log goes to standard error.
 *
 * <p>Exit codes: 0 after SIGTERM, SIGINT or SIGHUP, once the replies under way are sent; 2 if the
 * server cannot start, with one line that says why; 1 if it fails otherwise.
 */
@Command(
        name = "larder",
        description = "An in-memory, concurrent key-value cache server.",
        mixinStandardHelpOptions = true,
        versionProvider = LarderMain.Version.class,
        subcommands = {LarderMain.Serve.class, CertCommand.class, UserCommand.class})
public final class LarderMain {
    private static final int EXIT_CANNOT_START = 2;

    /** Set by the launcher; where {@code conf} lies. */
    private static final String HOME_PROPERTY = "larder.home";

    private LarderMain() {}

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new LarderMain())
                .setParameterExceptionHandler(
                        (problem, given) -> {
                            problem.getCommandLine()
                                    .getErr()
                                    .println("larder: " + problem.getMessage() + " (try --help)");
                            return EXIT_CANNOT_START;
                        });
    }

    /** {@code larder --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"larder " + ServerVersion.text()};
        }
    }

    /** {@code larder serve}. */
    @Command(
            name = "serve",
            description =
                    "Runs a server until it is told to stop (SIGTERM, SIGINT). Of several settings of"
                            + " one key -D wins over the environment (LARDER_STORE_MEMORY), and"
                            + " that over the file.")
    static final class Serve implements Runnable {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Settings; default: conf/larder.conf, if it is there")
        private @Nullable Path config;

        @Option(
                names = "-D",
                paramLabel = "key=value",
                description = "A setting, as -D store.memory=64m; may be repeated")
        private List<String> definitions = new ArrayList<>();

        @Option(
                names = "--warm-from",
                paramLabel = "HOST:PORT",
                description = "Fetch another server's items while serving; as -D warm.from=…")
        private @Nullable String warmFrom;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this text")
        @SuppressWarnings("unused") // picocli reads it
        private boolean help;

        @Override
        public void run() {
            LiveConfiguration configuration;
            try {
                configuration = load();
            } catch (ConfigException e) {
                System.err.println("larder: " + e.getMessage());
                System.exit(EXIT_CANNOT_START);
                return;
            }
            new Service().run(configuration);
        }

        private LiveConfiguration load() {
            ConfigurationLoader loader = new ConfigurationLoader();
            Path file = config == null ? defaultFile() : config;
            if (file != null) {
                loader.file(file);
            }
            loader.environment(System.getenv());
            definitions.forEach(loader::define);
            if (warmFrom != null) {
                loader.define("warm.from=" + warmFrom);
            }
            return new LiveConfiguration(loader);
        }

        private static @Nullable Path defaultFile() {
            String home = System.getProperty(HOME_PROPERTY);
            Path file = home == null ? null : Path.of(home, "conf", "larder.conf");
            return file != null && Files.exists(file) ? file : null;
        }
    }

    /**
     * One server for the life of this JVM. A signal starts the JVM's shutdown, whose hook closes
     * the server and halts with code 0: left alone, the JVM would report the signal.
     */
    private static final class Service {
        private static final Logger LOG = LoggerFactory.getLogger(LarderMain.class);

        private final CountDownLatch never = new CountDownLatch(1);
        private volatile @Nullable LarderServer server;
        private volatile int exitCode;

        void run(LiveConfiguration configuration) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "larder-shutdown"));
            try {
                LarderServer started = LarderServer.start(configuration);
                server = started;
                started.onShutdown(() -> System.exit(0));
                started.readOnHangUp();
                Thread.setDefaultUncaughtExceptionHandler(
                        (thread, error) -> started.recordUncaught(error));
                System.out.println(started.readyLine());
                System.out.flush();
                never.await();
            } catch (StartException e) {
                System.err.println("larder: " + e.getMessage());
                fail(EXIT_CANNOT_START);
            } catch (InterruptedException e) {
                fail(1);
            } catch (RuntimeException | Error e) {
                LOG.error("the server failed to start", e);
                fail(1);
            }
        }

        private void fail(int code) {
            exitCode = code;
            System.exit(code);
        }

        private void shutDown() {
            LarderServer started = server;
            if (started != null) {
                LOG.info("stopping");
                started.close();
                LOG.info("stopped");
            }
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
