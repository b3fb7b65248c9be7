/**
 * Larder's calls as spans of OpenTelemetry: {@link io.larder.client.opentelemetry.LarderTracing}.
 *
 * <p>Threads: any. May import the client's API and OpenTelemetry's.
 */
@NullMarked
package io.larder.client.opentelemetry;

import org.jspecify.annotations.NullMarked;
