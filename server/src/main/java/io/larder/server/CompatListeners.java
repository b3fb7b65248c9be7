package io.larder.server;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.CompatFrontend;
import io.larder.server.compat.ConversationFactory;
import io.larder.server.compat.SharedFrontend;
import io.larder.server.compat.memcached.Memcached;
import io.larder.server.compat.resp.Resp;
import io.larder.server.config.ConfigKey;
import io.larder.server.config.Configuration;
import io.larder.server.config.Keys;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.config.OptionalPortType;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.Frontend;
import io.larder.server.net.NetConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Other servers' protocols, as far as they are spoken: on listeners of their own, on the data
 * listener, or on both, which then share what they count.
 */
final class CompatListeners {
    private static final String MEMCACHED = "memcached";
    private static final String RESP = "resp";

    private final Configuration configuration;
    private final @Nullable CompatFrontend memcached;
    private final @Nullable CompatFrontend resp;

    /** A protocol, and where it is to listen. */
    record Own(CompatFrontend frontend, String host, int port) {}

    /** Those that are configured, none of which is by default. */
    CompatListeners(LiveConfiguration live, CommandServices services, NetConfig net) {
        this.configuration = live.present();
        this.memcached =
                isSpoken(MEMCACHED, Keys.MEMCACHED_PORT)
                        ? frontend(MEMCACHED, services, net, new Memcached(services))
                        : null;
        this.resp =
                isSpoken(RESP, Keys.RESP_PORT)
                        ? frontend(RESP, services, net, new Resp(services, new RespSettings(live)))
                        : null;
    }

    private static CompatFrontend frontend(
            String name, CommandServices services, NetConfig net, ConversationFactory factory) {
        return new CompatFrontend(name, net, services, factory);
    }

    private boolean isSpoken(String protocol, ConfigKey<Integer> port) {
        return isOnData(protocol) || configuration.get(port) != OptionalPortType.NONE;
    }

    private boolean isOnData(String protocol) {
        return configuration.get(Keys.DATA_PROTOCOLS).contains(protocol);
    }

    /** All that are spoken. */
    List<CompatFrontend> frontends() {
        return Stream.of(memcached, resp).filter(Objects::nonNull).toList();
    }

    /** What the data listener speaks. */
    Frontend onData(BinaryFrontend data) {
        if (!isOnData(MEMCACHED) && !isOnData(RESP)) {
            return data;
        }
        return new SharedFrontend(
                data, isOnData(MEMCACHED) ? memcached : null, isOnData(RESP) ? resp : null);
    }

    /** Those that have a listener of their own. */
    List<Own> own() {
        List<Own> own = new ArrayList<>();
        add(own, memcached, Keys.MEMCACHED_HOST, Keys.MEMCACHED_PORT);
        add(own, resp, Keys.RESP_HOST, Keys.RESP_PORT);
        return own;
    }

    private void add(
            List<Own> own,
            @Nullable CompatFrontend frontend,
            ConfigKey<String> host,
            ConfigKey<Integer> port) {
        if (frontend != null && configuration.get(port) != OptionalPortType.NONE) {
            own.add(new Own(frontend, configuration.get(host), configuration.get(port)));
        }
    }
}
