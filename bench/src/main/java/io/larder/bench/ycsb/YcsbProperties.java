package io.larder.bench.ycsb;

import java.util.Properties;

/**
 * What YCSB's properties say to the binding.
 *
 * @param uri {@code larder.uri}, where the server is; default larder://127.0.0.1:7170
 * @param region {@code larder.region}, the region that holds all tables; default the server's own
 * @param timeoutMillis {@code larder.timeout.millis} of each call; default 10,000, so that a stall
 *     shows in the latencies and not as a failure
 * @param eventLoops {@code larder.event-loops}, the client's threads; default 1
 */
record YcsbProperties(String uri, String region, long timeoutMillis, int eventLoops) {
    static final String URI = "larder.uri";
    static final String REGION = "larder.region";
    static final String TIMEOUT_MILLIS = "larder.timeout.millis";
    static final String EVENT_LOOPS = "larder.event-loops";

    static YcsbProperties of(Properties properties) {
        return new YcsbProperties(
                properties.getProperty(URI, "larder://127.0.0.1:7170"),
                properties.getProperty(REGION, ""),
                Long.parseLong(properties.getProperty(TIMEOUT_MILLIS, "10000")),
                Integer.parseInt(properties.getProperty(EVENT_LOOPS, "1")));
    }
}
