package io.larder.client.jcache.tck;

import io.larder.client.jcache.LarderCachingProvider;
import io.larder.client.junit.LarderServer;
import javax.cache.Caching;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * The server of the compatibility kit, whose classes ask for the default cache manager whenever
 * they like: started before the first of them is run, not where they are only looked for, and
 * closed when this JVM ends, as nobody knows which class is the last.
 */
public final class KitServer implements TestExecutionListener {
    private static final String KIT_ENGINE = "[engine:junit-vintage]";

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        boolean isKit =
                plan.getRoots().stream()
                        .filter(engine -> engine.getUniqueId().equals(KIT_ENGINE))
                        .anyMatch(engine -> !plan.getChildren(engine).isEmpty());
        if (isKit && System.getProperty(LarderCachingProvider.URI_DEFAULT) == null) {
            start();
        }
    }

    private static void start() {
        LarderServer server = LarderServer.startEmbedded();
        System.setProperty(LarderCachingProvider.URI_DEFAULT, server.uri());
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    Caching.getCachingProvider().close();
                                    server.close();
                                },
                                "close-kit-server"));
    }
}
