/**
 * Benchmarks and stress runs as commands: {@code bin/larder bench NAME}. This package dispatches
 * them and holds what they share: the result line, the server process, the process's usage. Each
 * command lives in a package of its own.
 *
 * <p>Threads: a command runs on the main thread; helpers say which they start. May import client,
 * protocol and, for in-process work, the server. Nothing imports it.
 */
@NullMarked
package io.larder.bench;

import org.jspecify.annotations.NullMarked;
