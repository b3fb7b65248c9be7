/**
 * Spoiled input for everything that reads what comes from outside: decoders, over the handlers that
 * a connection has, and loaders of files. Nothing may be thrown past them, nothing may leak.
 *
 * <p>Threads: one target, one thread.
 */
@NullMarked
package io.larder.bench.fuzz;

import org.jspecify.annotations.NullMarked;
