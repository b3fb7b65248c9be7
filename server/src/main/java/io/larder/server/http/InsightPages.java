package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;

import io.larder.server.insight.CurvePoint;
import io.larder.server.insight.HotKey;
import io.larder.server.insight.HotKind;
import io.larder.server.insight.KeyInsight;
import io.larder.server.insight.PrefixStats;

/** What is learnt of a server's keys, as JSON. */
final class InsightPages {
    private static final int HOT_KEYS = 20;
    private static final int PREFIXES = 50;
    private static final double RATIO_DECIMALS = 1e4;

    private final KeyInsight insight;

    InsightPages(KeyInsight insight) {
        this.insight = insight;
    }

    Answer hotKeys() {
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("hotkeys");
                    for (HotKey hot : insight.hotKeys(HotKind.READ, HOT_KEYS)) {
                        json.writeStartObject();
                        json.writeStringField("key", hot.text());
                        json.writeNumberField("reads", hot.amount());
                        json.writeStringField("region", hot.region());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
    }

    /** The points of the curve by size; none if it is switched off. */
    Answer curve() {
        return Answer.jsonArray(
                OK,
                json -> {
                    for (CurvePoint point : insight.curve()) {
                        json.writeStartObject();
                        json.writeNumberField("bytes", point.bytes());
                        json.writeNumberField(
                                "hit_ratio",
                                Math.round(point.hitRatio() * RATIO_DECIMALS) / RATIO_DECIMALS);
                        json.writeEndObject();
                    }
                });
    }

    Answer prefixes() {
        return Answer.jsonArray(
                OK,
                json -> {
                    for (PrefixStats stats : insight.prefixes(PREFIXES)) {
                        json.writeStartObject();
                        json.writeStringField("prefix", stats.text());
                        json.writeStringField("region", stats.region());
                        json.writeNumberField("hits", stats.hits());
                        json.writeNumberField("misses", stats.misses());
                        json.writeNumberField("bytes", stats.bytes());
                        json.writeNumberField("evictions", stats.evictions());
                        json.writeNumberField("expiries", stats.expiries());
                        json.writeEndObject();
                    }
                });
    }
}
