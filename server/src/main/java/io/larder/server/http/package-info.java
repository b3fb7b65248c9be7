/**
 * What HTTP shows of a server: a console for people, metrics for Prometheus, health and readiness
 * for those who supervise it, figures, keys and events as JSON. It only shows; nothing can be
 * changed here.
 *
 * <p>Threads: the listener has one event loop of its own, so that a slow scrape delays no request
 * and a slow admin command no probe. Pages are made there, one at a time.
 *
 * <p>Imports {@code net}, {@code command}, {@code accesslog}, {@code insight}, {@code store},
 * {@code region}, {@code memory}, {@code config}, {@code limit} and {@code metrics}, and nobody
 * else uses Netty's HTTP codec and Prometheus's library.
 */
@NullMarked
package io.larder.server.http;

import org.jspecify.annotations.NullMarked;
