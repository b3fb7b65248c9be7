package io.larder.client.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.Larder;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.NotConnectedException;
import io.larder.client.junit.LarderExtension;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The spans of calls to a real server, and of one to none. */
@Timeout(60)
class LarderTracingTest {
    @RegisterExtension
    static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

    @RegisterExtension
    static final LarderExtension SERVER = LarderExtension.withSettings("store.memory=16m");

    private final LarderTracing tracing = new LarderTracing(TELEMETRY.getOpenTelemetry());

    private static SpanData span(String name) {
        await().until(
                        () ->
                                TELEMETRY.getSpans().stream()
                                        .anyMatch(it -> it.getName().equals(name)));
        return TELEMETRY.getSpans().stream()
                .filter(it -> it.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.stringKey(attribute));
    }

    @Test
    void call_isASpanBelowTheCallers() {
        Span request =
                TELEMETRY.getOpenTelemetry().getTracer("test").spanBuilder("request").startSpan();
        try (Larder larder =
                Larder.builder(SERVER.server().uri()).callListener(tracing).connect()) {
            Context.current()
                    .with(request)
                    .wrap((Runnable) () -> larder.cache("users").getText("absent"))
                    .run();
        } finally {
            request.end();
        }

        SpanData call = span("GET users");

        assertThat(call.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
        assertThat(call.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(text(call, "db.system.name")).isEqualTo("larder");
        assertThat(text(call, "larder.outcome")).isEqualTo("MISS");
        assertThat(call.getAttributes().get(AttributeKey.longKey("larder.items.missed"))).isOne();
        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void failedCall_isAnErrorWithItsReason() {
        try (Larder nobody =
                Larder.builder("larder://127.0.0.1:1")
                        .whenDisconnected(WhenDisconnected.FAIL_FAST)
                        .callListener(tracing)
                        .connectInBackground()) {
            assertThatThrownBy(() -> nobody.cache().getText("k"))
                    .isInstanceOf(NotConnectedException.class);
        }

        SpanData call = span("GET default");

        assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(text(call, "error.type")).isEqualTo(NotConnectedException.class.getName());
    }
}
