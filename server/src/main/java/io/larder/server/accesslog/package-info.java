/**
 * What the store's reads leave behind for those who learn from them. {@link
 * io.larder.server.accesslog.AccessLog} takes every hit at the price of a few loads and stores, and
 * may lose some: who reads it learns from samples.
 *
 * <p>Threads: any thread writes; the log is drained by one thread at a time, on the maintenance
 * pool.
 *
 * <p>Imports {@code memory}, {@code store} and {@code metrics}.
 */
@NullMarked
package io.larder.server.accesslog;

import org.jspecify.annotations.NullMarked;
