package io.larder.client.junit;

import io.larder.server.StartException;
import io.larder.server.config.ConfigException;
import io.larder.server.config.ConfigurationLoader;
import java.util.List;

/** A server in this JVM. */
record LocalServer(io.larder.server.LarderServer server) implements RunningServer {
    /**
     * @param settings {@code key=value} each; of one key the last counts
     */
    static LocalServer start(List<String> settings) {
        ConfigurationLoader loader = new ConfigurationLoader();
        try {
            settings.forEach(loader::define);
            return new LocalServer(io.larder.server.LarderServer.start(loader.load()));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (StartException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public int dataPort() {
        return server.dataAddress().getPort();
    }

    @Override
    public int adminPort() {
        return server.adminAddress().getPort();
    }

    @Override
    public void close() {
        server.close();
    }
}
