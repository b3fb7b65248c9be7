package io.larder.client;

import io.larder.server.LarderServer;
import io.larder.server.StartException;
import io.larder.server.config.ConfigurationLoader;

/** The real server, in this process, on free ports or on one that it had before. */
final class RealServer implements AutoCloseable {
    private final LarderServer server;

    private RealServer(LarderServer server) {
        this.server = server;
    }

    static RealServer start() throws StartException {
        return start(0);
    }

    /**
     * @param port of the data listener; 0 for a free one
     */
    static RealServer start(int port) throws StartException {
        return start(port, "64m");
    }

    /**
     * @param memory as in the configuration
     */
    static RealServer start(int port, String memory) throws StartException {
        return start(port, memory, new String[0]);
    }

    /** On a free port, with more definitions as in the configuration. */
    static RealServer with(String... definitions) throws StartException {
        return start(0, "64m", definitions);
    }

    private static RealServer start(int port, String memory, String[] definitions)
            throws StartException {
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=" + memory)
                        .define("listeners.data.port=" + port)
                        .define("listeners.admin.port=0")
                        .define("listeners.http.port=0");
        for (String definition : definitions) {
            loader.define(definition);
        }
        return new RealServer(LarderServer.start(loader.load()));
    }

    int port() {
        return server.dataAddress().getPort();
    }

    String uri() {
        return "larder://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        server.close();
    }
}
