package io.larder.server.admin;

import io.larder.server.accesslog.Sample;
import io.larder.server.accesslog.SampleKind;
import io.larder.server.insight.KeyInsight;
import io.larder.server.insight.TraceListener;
import io.larder.server.insight.TraceStart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends what happens to the keys of the sample, a line each, until the client sends another line.
 * Keys are their hashes, which are keyed: nobody can tell what they are.
 */
final class TraceCommand implements AdminCommand {
    private final KeyInsight insight;

    TraceCommand(KeyInsight insight) {
        this.insight = insight;
    }

    @Override
    public String name() {
        return "trace";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "sends what happens to a sample of the keys, which are hashed, until another line"
                + " comes; trace record of the command line writes a file of it";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (!insight.settings().wantsSample()) {
            reply.error(
                    "switched-off",
                    "insight.curve, insight.prefixes, insight.hot-keys: false (expected: one that"
                            + " is true, at the start)");
            return;
        }
        Lines lines = new Lines(reply);
        reply.stream(lines.stream);
        insight.trace(lines);
    }

    /** The lines of one client; on the draining thread. */
    private final class Lines implements TraceListener {
        final LineStream stream;
        private long beginMillis;

        Lines(AdminReply reply) {
            stream = new LineStream(reply, () -> insight.untrace(this));
        }

        @Override
        public void onStart(TraceStart start) {
            beginMillis = start.atMillis();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("bits", start.bits());
            fields.put("limit_bytes", start.limitBytes());
            fields.put("item_bytes", start.itemBytes());
            send("TRACE", fields);
        }

        @Override
        public void onThinned(int bits) {
            send("THINNED", Map.of("bits", bits));
        }

        @Override
        public void onSample(Sample sample, long nowMillis) {
            SampleKind kind = sample.kind();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("at_millis", nowMillis - beginMillis);
            fields.put("key", String.format("%016x", sample.hash()));
            if (kind == SampleKind.HIT || kind.isWrite()) {
                fields.put("bytes", sample.itemBytes());
                fields.put("ttl_millis", TraceStart.ttlMillis(sample, nowMillis));
            }
            send(kind.name(), fields);
        }

        private void send(String head, Map<String, Object> fields) {
            if (stream.isJson()) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("event", head);
                object.putAll(fields);
                stream.offer(JsonLine.of(object));
                return;
            }
            StringBuilder line = new StringBuilder(head);
            fields.forEach(
                    (name, value) -> line.append(' ').append(name).append('=').append(value));
            stream.offer(line.toString());
        }
    }
}
