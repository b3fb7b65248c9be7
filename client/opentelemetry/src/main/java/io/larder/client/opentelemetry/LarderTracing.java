package io.larder.client.opentelemetry;

import io.larder.client.api.CallListener;
import io.larder.client.api.LarderException;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;

/**
 * A client's calls as spans, below the caller's present one. Names and attributes are those that
 * OpenTelemetry's conventions have for databases; keys and values are in none of them. Any thread.
 *
 * <pre>{@code
 * Larder larder =
 *         Larder.builder("larder://127.0.0.1:7170")
 *                 .callListener(new LarderTracing(openTelemetry))
 *                 .connect();
 * }</pre>
 *
 * What is answered from this program's own memory (near caches, hot keys) is no call.
 */
public final class LarderTracing implements CallListener {
    private static final String SCOPE = "io.larder.client";
    private static final String DEFAULT_REGION = "default";

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> OPERATION =
            AttributeKey.stringKey("db.operation.name");
    private static final AttributeKey<String> COLLECTION =
            AttributeKey.stringKey("db.collection.name");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("larder.outcome");
    private static final AttributeKey<Long> DONE = AttributeKey.longKey("larder.items.done");
    private static final AttributeKey<Long> MISSED = AttributeKey.longKey("larder.items.missed");
    private static final AttributeKey<Long> RETRIES = AttributeKey.longKey("larder.retries");

    private final Tracer tracer;

    /** Of the spans' provider in there. */
    public LarderTracing(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer(SCOPE);
    }

    @Override
    public Ending onStart(String operation, String region) {
        String collection = region.isEmpty() ? DEFAULT_REGION : region;
        Span span =
                tracer.spanBuilder(operation + ' ' + collection)
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute(SYSTEM, "larder")
                        .setAttribute(OPERATION, operation)
                        .setAttribute(COLLECTION, collection)
                        .startSpan();
        return call -> end(span, call);
    }

    private static void end(Span span, Ended call) {
        span.setAttribute(OUTCOME, call.outcome().name());
        span.setAttribute(DONE, (long) call.itemsDone());
        span.setAttribute(MISSED, (long) call.itemsMissed());
        if (call.retries() > 0) {
            span.setAttribute(RETRIES, (long) call.retries());
        }
        LarderException reason = call.reason();
        if (reason != null) {
            span.setAttribute(ERROR_TYPE, reason.getClass().getName());
            span.setStatus(StatusCode.ERROR, String.valueOf(reason.getMessage()));
        }
        span.end();
    }
}
