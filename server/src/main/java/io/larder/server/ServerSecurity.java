package io.larder.server;

import io.larder.server.auth.AccessControl;
import io.larder.server.auth.UsersException;
import io.larder.server.config.FileWatch;
import io.larder.server.config.Keys;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.net.Frontend;
import io.larder.server.tls.TlsContexts;
import io.larder.server.tls.TlsException;
import io.larder.server.tls.TlsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may reach a server and how: the TLS of its listeners, its users, and where it listens if it
 * has none. Any thread. To be closed behind the connections.
 */
final class ServerSecurity implements AutoCloseable {
    /** Of a server that has not started. */
    static final ServerSecurity NONE = new ServerSecurity(null, AccessControl.open(), false, null);

    private static final Logger LOG = LoggerFactory.getLogger(ServerSecurity.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final @Nullable TlsContexts tls;
    private final AccessControl access;
    private final boolean isProtected;
    private final @Nullable FileWatch files;

    private ServerSecurity(
            @Nullable TlsContexts tls,
            AccessControl access,
            boolean isProtected,
            @Nullable FileWatch files) {
        this.tls = tls;
        this.access = access;
        this.isProtected = isProtected;
        this.files = files;
    }

    /**
     * Reads what the settings name, and looks after it.
     *
     * @param onFault told of what goes wrong unexpectedly
     */
    static ServerSecurity open(ServerSettings settings, Consumer<Throwable> onFault)
            throws StartException {
        AccessControl access = openAccess(settings.usersFile());
        TlsContexts tls = openTls(settings.tlsSettings());
        boolean isProtected = settings.isProtected() && !access.isRequired();
        if (tls == null && !access.isRequired()) {
            return new ServerSecurity(null, access, isProtected, null);
        }
        FileWatch files = new FileWatch(onFault);
        if (tls != null) {
            files.add(tls.files(), tls::reload);
        }
        files.add(access.files(), access::reload);
        return new ServerSecurity(tls, access, isProtected, files);
    }

    private static AccessControl openAccess(@Nullable Path file) throws StartException {
        try {
            return file == null ? AccessControl.open() : AccessControl.of(file);
        } catch (UsersException e) {
            throw new StartException(Keys.AUTH_USERS.name() + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable TlsContexts openTls(@Nullable TlsSettings settings)
            throws StartException {
        try {
            return settings == null ? null : TlsContexts.open(settings);
        } catch (TlsException e) {
            throw new StartException(Keys.TLS_DIRECTORY.name() + ": " + e.getMessage(), e);
        }
    }

    /** The users. */
    AccessControl access() {
        return access;
    }

    /** The front-end as it is to be bound. */
    Frontend secured(Frontend frontend) {
        return tls == null ? frontend : tls.secured(frontend);
    }

    /** Where a front-end is to listen: not where others are while anybody may do everything. */
    String host(Frontend frontend, String wished) {
        if (!isProtected || isLoopback(wished)) {
            return wished;
        }
        LOG.warn(
                "{}: listens on {} and not on {}: without users ({}) anybody who reaches it may do"
                        + " everything; {}=false has it listen there all the same",
                frontend.name(),
                LOOPBACK,
                wished,
                Keys.AUTH_USERS.name(),
                Keys.AUTH_PROTECTED.name());
        return LOOPBACK;
    }

    /** What is no host is left as it is, to be said so. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }

    void registerMetrics(MetricsRegistry metrics) {
        access.registerMetrics(metrics);
        if (tls != null) {
            tls.registerMetrics(metrics);
        }
    }

    @Override
    public void close() {
        if (files != null) {
            files.close();
        }
        if (tls != null) {
            tls.close();
        }
    }
}
