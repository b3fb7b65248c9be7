/**
 * What can be learnt of a server's keys: which are used most, what becomes of those that begin
 * alike, and what another memory limit would do to the hit ratio. Reads come from the access log;
 * everything else from a sample of all that happens, which is played out in miniature caches.
 *
 * <p>Threads: learning is for the log's draining thread, asking for any; {@link
 * io.larder.server.insight.KeyInsight} is one monitor, taken once a batch.
 *
 * <p>Imports {@code accesslog}, {@code metrics}, {@code policy}, {@code region} and {@code store}.
 */
@NullMarked
package io.larder.server.insight;

import org.jspecify.annotations.NullMarked;
