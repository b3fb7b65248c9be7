package io.larder.server;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.CompatFrontend;
import io.larder.server.compat.memcached.Memcached;
import io.larder.server.compat.resp.Resp;
import io.larder.server.config.Configuration;
import io.larder.server.config.Keys;
import io.larder.server.config.OptionalPortType;
import io.larder.server.net.NetConfig;
import java.util.ArrayList;
import java.util.List;

/** Another server's protocol and where it is to listen. */
record CompatListener(CompatFrontend frontend, String host, int port) {
    /** Those that are configured, none of which is by default. */
    static List<CompatListener> configured(
            Configuration configuration, CommandServices services, NetConfig net) {
        List<CompatListener> listeners = new ArrayList<>();
        int memcachedPort = configuration.get(Keys.MEMCACHED_PORT);
        if (memcachedPort != OptionalPortType.NONE) {
            listeners.add(
                    new CompatListener(
                            new CompatFrontend(
                                    "memcached", net, services.errors(), new Memcached(services)),
                            configuration.get(Keys.MEMCACHED_HOST),
                            memcachedPort));
        }
        int respPort = configuration.get(Keys.RESP_PORT);
        if (respPort != OptionalPortType.NONE) {
            listeners.add(
                    new CompatListener(
                            new CompatFrontend("resp", net, services.errors(), new Resp(services)),
                            configuration.get(Keys.RESP_HOST),
                            respPort));
        }
        return listeners;
    }
}
