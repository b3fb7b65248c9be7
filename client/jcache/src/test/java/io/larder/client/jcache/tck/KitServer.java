package io.larder.client.jcache.tck;

import io.larder.client.jcache.LarderCachingProvider;
import io.larder.client.junit.LarderServer;
import javax.cache.Caching;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * The server of a test run: started before JUnit looks for tests, as the compatibility kit's
 * classes ask for the default cache manager whenever they like, and closed after the last. Whoever
 * runs the kit against a server of his own says so by {@link LarderCachingProvider#URI_DEFAULT}.
 */
public final class KitServer implements LauncherSessionListener {
    private LarderServer server; // null: somebody else's

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty(LarderCachingProvider.URI_DEFAULT) == null) {
            server = LarderServer.startEmbedded();
            System.setProperty(LarderCachingProvider.URI_DEFAULT, server.uri());
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (server != null) {
            Caching.getCachingProvider().close();
            System.clearProperty(LarderCachingProvider.URI_DEFAULT);
            server.close();
            server = null;
        }
    }
}
