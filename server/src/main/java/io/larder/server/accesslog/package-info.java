/**
 * The store's two logging buffers, both lock-free. {@link io.larder.server.accesslog.AccessLog}
 * takes every hit at the price of a few loads and stores, and may lose some: what reads it learns
 * from samples. {@link io.larder.server.accesslog.EventLog} takes what happened to items, leases
 * and connections, loses nothing up to its bound, and then says how much it lost. Nothing whose
 * loss would be wrong rides on either.
 *
 * <p>Threads: any thread writes; each log is drained by one thread at a time, on the maintenance
 * pool.
 *
 * <p>Imports {@code memory}, {@code store} and {@code metrics}.
 */
@NullMarked
package io.larder.server.accesslog;

import org.jspecify.annotations.NullMarked;
