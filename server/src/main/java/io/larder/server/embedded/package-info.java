/**
 * The store as a library: maps of bytes to bytes in the program's own process, with what {@link
 * java.util.concurrent.ConcurrentHashMap} offers and expiry besides. {@link
 * io.larder.server.embedded.LarderMap} is all that a program needs to know; {@code
 * io.larder.server.LarderStore} hands them out.
 *
 * <p>Threads: any, unless a class says otherwise. Parallel walks use the maintenance workers.
 *
 * <p>Imports {@code memory}, {@code store} and {@code region}.
 */
@NullMarked
package io.larder.server.embedded;

import org.jspecify.annotations.NullMarked;
