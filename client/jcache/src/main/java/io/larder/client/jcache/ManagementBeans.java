package io.larder.client.jcache;

import java.lang.management.ManagementFactory;
import java.util.regex.Pattern;
import javax.cache.CacheException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The two beans of a cache in the platform's JMX server, under the names that JCache prescribes.
 * Where two managers of one URI have a cache of one name, the first one's is there.
 */
final class ManagementBeans {
    private static final Pattern REFUSED_IN_NAMES = Pattern.compile("[,:=\n]");

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Kept statistics;
    private final Kept configuration;

    ManagementBeans(String managerUri, String cacheName) {
        this.statistics = new Kept(name("CacheStatistics", managerUri, cacheName));
        this.configuration = new Kept(name("CacheConfiguration", managerUri, cacheName));
    }

    /** Shows it, or no longer. */
    void showStatistics(CacheStatistics bean, boolean wanted) {
        statistics.show(server, bean, wanted);
    }

    /** Shows it, or no longer. */
    void showConfiguration(ConfigurationBean bean, boolean wanted) {
        configuration.show(server, bean, wanted);
    }

    private static ObjectName name(String type, String managerUri, String cacheName) {
        try {
            return new ObjectName(
                    "javax.cache:type="
                            + type
                            + ",CacheManager="
                            + allowed(managerUri)
                            + ",Cache="
                            + allowed(cacheName));
        } catch (JMException e) {
            throw new CacheException(e);
        }
    }

    private static String allowed(String text) {
        return REFUSED_IN_NAMES.matcher(text).replaceAll(".");
    }

    /** A bean's name, and whether it is this cache's that has it. */
    private static final class Kept {
        private final ObjectName name;
        private boolean isShown; // guarded by this

        Kept(ObjectName name) {
            this.name = name;
        }

        synchronized void show(MBeanServer server, Object bean, boolean wanted) {
            try {
                if (wanted && !isShown && !server.isRegistered(name)) {
                    server.registerMBean(bean, name);
                    isShown = true;
                } else if (!wanted && isShown) {
                    isShown = false;
                    server.unregisterMBean(name);
                }
            } catch (JMException e) {
                throw new CacheException(e);
            }
        }
    }
}
