package io.larder.client.junit;

import io.larder.client.Larder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A server and a client for the tests of one class, nested ones included: started before the first,
 * closed after the last. By default it is empty before each test. Parameters of the types {@link
 * Larder} and {@link LarderServer} are filled in, of tests, of lifecycle methods and of
 * constructors.
 *
 * <pre>{@code
 * @ExtendWith(LarderExtension.class)
 * class UserServiceTest {
 *     @Test
 *     void user_isCached(Larder larder) { ... }
 * }
 * }</pre>
 *
 * <p>Registered in a static field, it has options, and can be asked before any test:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LarderExtension LARDER = LarderExtension.withSettings("store.memory=256m");
 * }</pre>
 *
 * <p>Who runs the tests of one class at the same time does not want them emptied: {@link
 * #keepingItems}.
 */
public final class LarderExtension
        implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private final List<String> settings;
    private final boolean isCleared;
    private volatile @Nullable Running running; // what this registration has begun

    /** With the default settings, emptied before each test. */
    public LarderExtension() {
        this(List.of(), true);
    }

    private LarderExtension(List<String> settings, boolean isCleared) {
        this.settings = settings;
        this.isCleared = isCleared;
    }

    /**
     * With settings of the server.
     *
     * @param settings {@code key=value} each, see {@link LarderServer#startEmbedded}
     */
    public static LarderExtension withSettings(String... settings) {
        return new LarderExtension(List.of(settings), true);
    }

    /** The same, but items stay from one test to the next. */
    public LarderExtension keepingItems() {
        return new LarderExtension(settings, false);
    }

    /**
     * The client, from before the first test of the class on.
     *
     * @throws IllegalStateException before that
     */
    public Larder larder() {
        return present().larder;
    }

    /**
     * The server, from before the first test of the class on.
     *
     * @throws IllegalStateException before that
     */
    public LarderServer server() {
        return present().server;
    }

    private Running present() {
        Running present = running;
        if (present == null) {
            throw new IllegalStateException(
                    "no server yet (expected: a static @RegisterExtension field, and a test of its"
                            + " class)");
        }
        return present;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Running present = running(context);
        if (isCleared) {
            present.server.clear();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Larder.class || type == LarderServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running present = running(context);
        return parameter.getParameter().getType() == Larder.class ? present.larder : present.server;
    }

    /**
     * The pair of this class, or of one around it: a store looks into those above it. JUnit closes
     * it with the context that it was made in.
     */
    private Running running(ExtensionContext context) {
        ExtensionContext.Store store =
                context.getStore(Namespace.create(LarderExtension.class, this));
        Running present =
                store.getOrComputeIfAbsent(
                        Running.class, key -> Running.start(settings), Running.class);
        running = present;
        return present;
    }

    /** A server and its client; JUnit before 5.13 closes it by the older of the two interfaces. */
    @SuppressWarnings("deprecation")
    private record Running(LarderServer server, Larder larder)
            implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        static Running start(List<String> settings) {
            LarderServer server = LarderServer.startEmbedded(settings.toArray(new String[0]));
            try {
                return new Running(server, server.connect());
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }

        @Override
        public void close() {
            larder.close();
            server.close();
        }
    }
}
