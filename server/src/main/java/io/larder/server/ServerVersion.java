package io.larder.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which version of the program this is, as Maven wrote it into the jar. */
final class ServerVersion {
    private static final String RESOURCE = "/META-INF/maven/io.larder/larder-server/pom.properties";

    /** What classes that are in no jar say. */
    private static final String UNKNOWN = "development";

    private ServerVersion() {}

    static String text() {
        try (InputStream resource = ServerVersion.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(resource);
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
