package io.larder.client.spring.boot;

import io.larder.client.Larder;
import io.larder.client.api.ServerHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Whether each of the servers answers a PING; the details are what the client knows of its
 * connections.
 */
public final class LarderHealthIndicator extends AbstractHealthIndicator {
    private final Larder larder;

    /** Of this client's servers. */
    public LarderHealthIndicator(Larder larder) {
        super("Larder does not answer");
        this.larder = larder;
    }

    /** Locking: waits for the answers, up to the client's timeout. */
    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<ServerHealth> connections = larder.health();
        Map<String, Object> servers = new LinkedHashMap<>();
        for (ServerHealth each : connections) {
            servers.put(
                    each.address() + '/' + each.connection(),
                    (each.isConnected() ? "connected" : "not connected")
                            + ", circuit "
                            + each.circuit());
        }
        builder.withDetail("servers", servers);
        builder.withDetail("pingMicros", larder.ping().toNanos() / 1_000).up();
    }
}
