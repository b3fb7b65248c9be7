package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;

import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Which program this is, and what may be asked here, so that no page asks for what there is not.
 *
 * @param shown the paths of all pages, also of those that are added later
 */
record ServerPage(String version, Set<String> shown) implements Page {
    @Override
    public Answer make() {
        return make(path -> true);
    }

    @Override
    public Answer make(Predicate<String> maySee) {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        return Answer.json(
                OK,
                json -> {
                    json.writeStringField("version", version);
                    json.writeStringField(
                            "started", Instant.ofEpochMilli(runtime.getStartTime()).toString());
                    json.writeNumberField(
                            "uptime_seconds", TimeUnit.MILLISECONDS.toSeconds(runtime.getUptime()));
                    json.writeArrayFieldStart("pages");
                    for (String path : shown) {
                        if (!path.startsWith(Site.UNLISTED) && maySee.test(path)) {
                            json.writeString(path);
                        }
                    }
                    json.writeEndArray();
                });
    }
}
